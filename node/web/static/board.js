// Drag somebody of a draft to another place. Everything it does, the button "Move" does as well: it asks the same page
// what a move would mean, shows its reasons while she is held over a place, and posts the same form when she is let go.
"use strict";

(() => {
  const live = document.getElementById("live");
  let held = null;
  let over = null;
  let waiting = 0;

  const board = () => document.getElementById("board");
  const address = () => `${board().dataset.base}/move/${held.dataset.mentee}`;
  const parse = (text) => new DOMParser().parseFromString(text, "text/html");

  const tell = (...nodes) => live.replaceChildren(...nodes);
  const say = (text) => {
    const line = document.createElement("p");
    line.textContent = text;
    tell(line);
  };

  async function preview(place) {
    const answer = await fetch(`${address()}/to/${place}`);
    const found = parse(await answer.text()).getElementById("move");
    if (!found || over?.dataset.place !== place) return;
    const title = found.querySelector("h1");
    const plain = document.createElement("p");
    plain.className = "title";
    plain.textContent = title.textContent;
    title.replaceWith(plain);
    found.removeAttribute("id");
    tell(found);
  }

  function leave() {
    clearTimeout(waiting);
    over?.classList.remove("over");
    over = null;
  }

  async function keep(mentee, path, place) {
    const { version, token, failed } = board().dataset;
    const answer = await fetch(path, { method: "POST", body: new URLSearchParams({ token, version, place }) });
    const page = parse(await answer.text());
    const fresh = page.getElementById("board");
    if (answer.ok && fresh) {
      // The part of the board that was looked at stays in view.
      const shown = location.search ? parse(await (await fetch(location.href)).text()).getElementById("board") : fresh;
      board().replaceWith(shown ?? fresh);
      say(page.querySelector(".done")?.textContent ?? "");
      document.querySelector(`[data-mentee="${CSS.escape(mentee)}"] .button`)?.focus();
    } else {
      say(page.querySelector(".problem li")?.textContent ?? failed);
    }
  }

  document.addEventListener("dragstart", (event) => {
    const person = event.target.closest?.("[data-mentee]");
    if (!person) return;
    held = person;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", person.dataset.mentee);
    person.classList.add("held");
  });

  document.addEventListener("dragover", (event) => {
    const place = held && event.target.closest?.("[data-place]");
    if (!place) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "move";
    if (place === over) return;
    leave();
    over = place;
    if (place.contains(held)) return;
    place.classList.add("over");
    waiting = setTimeout(preview, 120, place.dataset.place);
  });

  document.addEventListener("drop", (event) => {
    const place = held && event.target.closest?.("[data-place]");
    if (!place) return;
    event.preventDefault();
    if (!place.contains(held)) keep(held.dataset.mentee, address(), place.dataset.place);
  });

  document.addEventListener("dragend", () => {
    leave();
    held?.classList.remove("held");
    held = null;
  });
})();
