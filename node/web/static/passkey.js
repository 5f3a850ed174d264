// Hands a question to the device that keeps passkeys, and its answer to the form it stands in.
"use strict";

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

function question(options) {
  const ids = (known) => (known || []).map((one) => ({ ...one, id: bytes(one.id) }));
  const read = { ...options, challenge: bytes(options.challenge) };
  if (options.user) {
    read.user = { ...options.user, id: bytes(options.user.id) };
    read.excludeCredentials = ids(options.excludeCredentials);
  } else {
    read.allowCredentials = ids(options.allowCredentials);
  }
  return { publicKey: read };
}

function answer(credential) {
  const said = { clientDataJSON: text(credential.response.clientDataJSON) };
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[part]) said[part] = text(credential.response[part]);
  }
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response: said,
    clientExtensionResults: {},
  });
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const trouble = form.querySelector("[data-trouble]");
  const ask = async () => {
    trouble.hidden = true;
    try {
      const options = question(JSON.parse(form.dataset.question));
      const devices = navigator.credentials;
      form.elements.answer.value = answer(
        await (form.dataset.passkey === "create" ? devices.create(options) : devices.get(options)),
      );
    } catch {
      trouble.hidden = false;
      return;
    }
    form.submit();
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask();
  });
}
