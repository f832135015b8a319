// Keys, highlights that answer at once, and marks by selection. Every page works without this file.

import { listen } from "./keys.js";
import { link } from "./highlights.js";
import { mark } from "./marks.js";

listen(document);
link(document);
mark(document);
