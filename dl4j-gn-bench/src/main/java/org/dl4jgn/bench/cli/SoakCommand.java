package org.dl4jgn.bench.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Trainings under bad luck. */
@Command(
        name = "soak",
        description = "Trainings under bad luck; each says what it did, and ends with 1 if it did not hold.",
        subcommands = {SoakKillCommand.class, SoakStepsCommand.class, MemoryCyclesCommand.class})
final class SoakCommand implements Runnable {

    @Spec
    CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say which: kill, steps, cycles");
    }
}
