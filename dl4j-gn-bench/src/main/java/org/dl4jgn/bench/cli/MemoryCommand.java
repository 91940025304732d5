package org.dl4jgn.bench.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measurements of memory, each a command below this one. */
@Command(
        name = "memory",
        description = "Measures memory; a command below says of what.",
        subcommands = {
            MemoryStepsCommand.class,
            MemoryStepCommand.class,
            MemoryCyclesCommand.class,
            MemoryDiscardedCommand.class
        })
final class MemoryCommand implements Runnable {

    @Spec
    CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "Say what to measure: " + String.join(", ", spec.subcommands().keySet()));
    }
}
