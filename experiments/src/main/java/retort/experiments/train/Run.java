package retort.experiments.train;

import java.io.PrintWriter;
import java.util.List;
import java.util.function.BooleanSupplier;
import retort.experiments.run.RunFolder;
import retort.experiments.terminal.Progress;
import retort.tensor.Device;

/// What a command works with while it runs.
///
/// @param command the command line as typed, for the manifest
/// @param recipe the recipe's final values, as text
/// @param stop asked after every step whether to save and stop
/// @param out where results are told
public record Run(
    List<String> command,
    RunFolder folder,
    String recipe,
    Device device,
    Progress progress,
    BooleanSupplier stop,
    PrintWriter out) {}
