package org.dl4jgn.bench.process;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A Python that has what is needed, if there is one. */
public final class Python {

    private static final List<String> INTERPRETERS = List.of("python3", "/usr/bin/python3");

    /** Finds modules without loading them, which takes PyTorch a second or two. */
    private static final String SEARCH =
            "import importlib.util, sys; sys.exit(not all(map(importlib.util.find_spec, sys.argv[1:])))";

    private Python() {}

    /** The command of the first interpreter that has all modules, such as {@code torch}. */
    public static Optional<String> with(String... modules) throws IOException, InterruptedException {
        for (String python : INTERPRETERS) {
            try {
                List<String> command = new ArrayList<>(List.of(python, "-c", SEARCH));
                command.addAll(List.of(modules));
                Process process = new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
                if (process.waitFor() == 0) {
                    return Optional.of(python);
                }
            } catch (IOException e) {
                // no such interpreter: try the next
            }
        }
        return Optional.empty();
    }
}
