/// The command line, recipes, run records, tables and reports.
module retort.experiments {
  requires transitive retort.tensor;
  requires retort.gendd;
  requires jdk.management;
  requires info.picocli;
  requires tools.jackson.databind;
  requires tools.jackson.dataformat.yaml;
  requires commons.math3;
  requires org.apache.commons.statistics.interval;
  requires org.apache.commons.statistics.inference;

  opens retort.experiments to
      info.picocli,
      tools.jackson.databind;

  // for the peers of `retort bench --peers`
  exports retort.experiments.bench;

  opens retort.experiments.ablate to
      info.picocli,
      tools.jackson.databind;
  opens retort.experiments.bench to
      info.picocli,
      tools.jackson.databind;
  opens retort.experiments.command to
      info.picocli,
      tools.jackson.databind;
  opens retort.experiments.quickstart to
      info.picocli,
      tools.jackson.databind;
  opens retort.experiments.run to
      tools.jackson.databind;
  opens retort.experiments.table to
      info.picocli,
      tools.jackson.databind;
  opens retort.experiments.train to
      tools.jackson.databind;

  uses retort.experiments.bench.Peer;
}
