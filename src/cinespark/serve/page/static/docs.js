// The description of the API, drawn by Swagger UI.
"use strict";

const place = document.getElementById("docs");
SwaggerUIBundle({
  domNode: place,
  url: place.dataset.description,
  deepLinking: false,
  validatorUrl: null, // nobody else is asked
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
});
