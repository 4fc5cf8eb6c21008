/** The demo merchant's people, and Kadosei's own: printed at start, so they are public. */
export const demoSignIns = [
  { email: "owner@demo.kadosei.test", role: "Owner" },
  { email: "developer@demo.kadosei.test", role: "Developer" },
  { email: "support@demo.kadosei.test", role: "Support" },
  { email: "staff@kadosei.test", role: "Kadosei staff" },
] as const;

export const demoPassword = "correct horse battery staple";
