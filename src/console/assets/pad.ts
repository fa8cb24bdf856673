/** The keys of the till and what its button says, as a part of the script. */
export const padJs = `
  const till = document.querySelector("form[data-ask]");
  if (till) {
    const amount = till.elements.amount_kes;
    const phone = till.elements.phone_number;
    const button = till.querySelector("[type=submit]");
    const plain = button.textContent;
    // The keys of the page type, so the device's own need not come up for the amount.
    if (matchMedia("(pointer: coarse)").matches) amount.inputMode = "none";
    let field = amount;
    till.addEventListener("focusin", ({ target }) => {
      if (target === amount || target === phone) field = target;
    });
    const label = () => {
      const figure = amount.value.replace(/[^0-9]/g, "").replace(/^0+/, "").replace(/\\B(?=(\\d{3})+$)/g, ",");
      button.textContent = figure && phone.value.trim().length > 8
        ? till.dataset.ask.replace("{phone}", phone.value.trim()).replace("{amount}", figure)
        : plain;
    };
    till.addEventListener("input", label);
    till.addEventListener("click", ({ target }) => {
      const key = target.closest("[data-digit]");
      if (!key) return;
      field.value = key.dataset.digit ? field.value + key.dataset.digit : field.value.slice(0, -1);
      label();
    });
    label();
  }
`;
