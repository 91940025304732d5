package org.dl4jgn.bench.cli;

import java.io.IOException;
import org.dl4jgn.translate.UnsupportedNetworkException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ScopeType;

/** {@code dl4j-gn-bench}, the benchmarks of the SGN and EGN papers and of anyone's own data. */
@Command(
        name = "dl4j-gn-bench",
        description =
                "Compares SGN and EGN with DL4J's own optimizers on the problems of their papers, or on a table of"
                        + " yours.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        sortOptions = false,
        showDefaultValues = true,
        usageHelpAutoWidth = true,
        subcommands = {
            RunCommand.class,
            TuneCommand.class,
            StepCommand.class,
            TableCommand.class,
            ReportCommand.class,
            ResultsCommand.class,
            ListCommand.class,
            SpeedCommand.class,
            EgnSpeedCommand.class,
            ImageSpeedCommand.class,
            GraphSpeedCommand.class,
            ConvolutionChoicesCommand.class,
            CurvesCommand.class,
            MemoryCommand.class
        })
public final class BenchTool {

    /** Runs the tool. */
    public static void main(String[] args) {
        System.setProperty("java.awt.headless", "true");
        System.exit(commandLine().execute(args));
    }

    /** The tool, for tests as well. */
    static CommandLine commandLine() {
        return new CommandLine(new BenchTool())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(sentences());
    }

    /** What the user can mend is one sentence; what only a programmer can, a stack trace. */
    private static IExecutionExceptionHandler sentences() {
        return (exception, command, parsed) -> {
            if (exception instanceof IOException
                    || exception instanceof IllegalArgumentException
                    || exception instanceof UnsupportedNetworkException) {
                command.getErr().println(command.getColorScheme().errorText(exception.getMessage()));
                return CommandLine.ExitCode.SOFTWARE;
            }
            throw exception;
        };
    }
}
