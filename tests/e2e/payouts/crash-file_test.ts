import { databases } from "../../support/database.ts";
import { killAtEveryPoint } from "./crash.ts";

if (databases().includes("file")) killAtEveryPoint("file");
