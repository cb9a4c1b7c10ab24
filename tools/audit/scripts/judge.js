// Every objection of axe-core with all its rules, the size of targets included.
async () => {
  const { violations } = await axe.run(document, {
    resultTypes: ["violations"],
    rules: { "target-size": { enabled: true } },
  });
  const reasons = (node) => [...node.any, ...node.all, ...node.none].map((check) => check.message);
  return violations.flatMap((violation) =>
    violation.nodes.map((node) => ({
      rule: violation.id,
      element: node.target.flat().join(" "),
      why: reasons(node)[0] ?? violation.description,
      asks: violation.help,
    })),
  );
}
