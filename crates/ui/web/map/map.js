const library = "asset:leaflet.js"; void library;
