import { databases } from "../../support/database.ts";
import { killAtEveryPoint } from "./crash.ts";

if (databases().includes("sqld")) killAtEveryPoint("sqld");
