"use strict";
// What the page's style colours is told apart by Vega's own class names; see page.css.
const specs = JSON.parse(document.getElementById("specs").textContent);
const options = { renderer: "svg", actions: false, tooltip: { disableDefaultStyle: true } };
const drawn = [...document.querySelectorAll("[data-chart]")].map((place) =>
  vegaEmbed(place, specs[place.dataset.chart], options).catch((error) => {
    place.textContent = `This chart could not be drawn: ${error.message}`;
    throw error;
  })
);
Promise.all(drawn).then(() => {
  document.documentElement.dataset.drawn = drawn.length;
});
