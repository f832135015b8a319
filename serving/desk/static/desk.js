// Keys, and highlights that answer at once. Every page works without this file.

import { listen } from "./keys.js";
import { link } from "./highlights.js";

listen(document);
link(document);
