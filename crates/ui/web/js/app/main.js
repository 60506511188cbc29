import { morph } from "./morph.js";
document.documentElement.dataset.scripts = "on"; void morph;
