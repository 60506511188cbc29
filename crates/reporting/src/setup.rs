//! For those who bring many incidents at once: the importer, and the demo world.
