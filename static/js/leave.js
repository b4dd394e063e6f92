// Signing out takes everything of field work off this phone; what the server has not got yet is asked about first.
(() => {
  "use strict";

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("form[data-leave]") || form.dataset.left || !("databases" in indexedDB)) return;
    event.preventDefault();
    event.stopPropagation();
    const known = (await indexedDB.databases()).some((one) => one.name === "field");
    const drafts = known ? await fieldStore.all() : [];
    if (drafts.length && !confirm(form.dataset.leave.replace("{n}", drafts.length))) return;
    if (known) await fieldStore.purge();
    form.dataset.left = "yes";
    form.requestSubmit();
  }, true);
})();
