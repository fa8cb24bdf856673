import { openApiDocument } from "../http/document.ts";
import { routes } from "../routes.ts";
console.log(JSON.stringify(openApiDocument("https://api.malipo.example", routes), null, 2));
