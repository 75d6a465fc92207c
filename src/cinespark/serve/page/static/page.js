// Spares people the reloading: every page works without this.
"use strict";

const PAUSE = 200; // milliseconds after the last key

function replaced(html, names) {
  const page = new DOMParser().parseFromString(html, "text/html");
  for (const name of names) {
    const [now, then] = [document.getElementById(name), page.getElementById(name)];
    if (now && then) now.replaceWith(document.adoptNode(then));
  }
}

async function fetched(address, options) {
  const answer = await fetch(address, options);
  const isPage = (answer.headers.get("Content-Type") || "").startsWith("text/html");
  // who is signed out meanwhile, or asked for what cannot be, sees that page
  if (!isPage || new URL(answer.url).pathname === "/sign-in") throw new Error(answer.url);
  return answer;
}

// searches and filters: what is found follows what is typed
for (const form of document.querySelectorAll("form[data-live]")) {
  let timer, newest = 0;
  const follow = async () => {
    const mine = ++newest;
    const asked = new URLSearchParams(new FormData(form));
    for (const [name, value] of [...asked]) if (!value.trim()) asked.delete(name);
    const shown = `${form.action.split("?")[0]}${asked.size ? "?" : ""}${asked}`;
    asked.set("live", "1");
    try {
      const answer = await fetched(`${form.action.split("?")[0]}?${asked}`);
      const html = await answer.text();
      if (mine !== newest) return; // another question was asked since
      replaced(html, [form.dataset.live]);
      history.replaceState(null, "", shown);
    } catch {
      if (mine === newest) location.assign(shown);
    }
  };
  // words while they are typed; years once they are whole
  form.addEventListener(form.matches(".ask") ? "input" : "change", () => {
    clearTimeout(timer);
    timer = setTimeout(follow, PAUSE);
  });
  form.addEventListener("submit", () => clearTimeout(timer));
}

// rating: each star changes the list at once
let sending = Promise.resolve();

function moviesOf(list) {
  return new Set([...list.querySelectorAll("[data-movie]")].map((one) => one.dataset.movie));
}

function send(form, fields) {
  const body = new URLSearchParams(fields);
  // one after another: each answer brings the cookie that the next one changes
  sending = sending.then(async () => {
    const answer = await fetched(form.action, { method: "POST", body });
    const html = await answer.text();
    if (!answer.ok) throw new Error(answer.url);
    const before = moviesOf(document.getElementById("list"));
    replaced(html, ["list", "rated", "tally", "jump"]);
    announce(before);
  }).catch(() => {
    // as without scripts: what is wrong is said on a page of its own
    for (const [name, value] of fields) {
      const hidden = Object.assign(document.createElement("input"), { type: "hidden", name, value });
      form.append(hidden);
    }
    form.submit();
  });
  return sending;
}

function announce(before) {
  const list = document.getElementById("list");
  const films = [...list.querySelectorAll("[data-movie]")];
  const fresh = films.filter((one) => !before.has(one.dataset.movie));
  if (before.size) for (const film of fresh) film.classList.add("new");
  const said = list.querySelector("#said");
  // after the new region is there, or it would not be read
  setTimeout(() => {
    said.textContent = `Your list has ${films.length} places, ${fresh.length} of them new`;
  }, 100);
}

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-rate]");
  if (form) send(form, [[event.target.name, event.target.checked ? event.target.value : ""]]);
});

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.matches("[data-rate]")) {
    event.preventDefault();
    await sending;
    const title = document.getElementById("list-title");
    title.scrollIntoView();
    title.focus();
  } else if (form.matches("[data-take-back]")) {
    event.preventDefault();
    const { name } = event.submitter;
    await send(form, [[name, ""]]);
    const none = [...document.querySelectorAll("#choices input[type=radio], #choices input[type=checkbox]")]
      .filter((one) => one.name === name);
    for (const one of none) one.checked = one.type === "radio" && one.value === "";
    document.getElementById("rated-title").focus();
  }
});
