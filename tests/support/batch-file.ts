/** A CSV file of payouts to as many phones, none of whose last digits picks a scenario of the simulator's. */
export function batchFile(count: number): string {
  const rows = Array.from({ length: count }, (_, i) => {
    const phone = `2547${String(10_000 + i)}${5_000 + (i % 4_000)}`.slice(0, 12);
    return `${phone},${10 + (i % 90)},emp-${i},salary,"Pay, ${i}"`;
  });
  return `\ufeffphone_number,amount_kes,reference,purpose,remarks\r\n${rows.join("\r\n")}\r\n`;
}
