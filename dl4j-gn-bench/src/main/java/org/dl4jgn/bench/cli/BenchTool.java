package org.dl4jgn.bench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;
import org.dl4jgn.translate.UnsupportedNetworkException;
import org.nd4j.linalg.api.buffer.DataType;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

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
            SequenceSpeedCommand.class,
            TableSpeedCommand.class,
            ConvolutionChoicesCommand.class,
            CurvesCommand.class,
            MemoryCommand.class,
            SoakCommand.class
        })
public final class BenchTool {

    /** Runs the tool. */
    public static void main(String[] args) {
        System.setProperty("java.awt.headless", "true");
        System.exit(commandLine().execute(args));
    }

    /** The tool, for tests as well. Whatever fails ends with 1, be it an option that does not exist or a run that breaks off. */
    static CommandLine commandLine() {
        CommandLine tool = new CommandLine(new BenchTool())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .registerConverter(DataType.class, BenchTool::type)
                .setParameterExceptionHandler(wrongArguments())
                .setExecutionExceptionHandler(sentences());
        failWithOne(tool);
        return tool;
    }

    private static void failWithOne(CommandLine command) {
        command.getCommandSpec().exitCodeOnInvalidInput(CommandLine.ExitCode.SOFTWARE);
        command.getSubcommands().values().forEach(BenchTool::failWithOne);
    }

    private static DataType type(String text) {
        return switch (text.toUpperCase(Locale.ROOT)) {
            case "FLOAT" -> DataType.FLOAT;
            case "DOUBLE" -> DataType.DOUBLE;
            default -> throw new TypeConversionException("it is '" + text + "', but must be FLOAT or DOUBLE");
        };
    }

    /** What is wrong with them, which the list of all options would push out of sight; that list where there are no arguments. */
    private static IParameterExceptionHandler wrongArguments() {
        return (exception, arguments) -> {
            CommandLine command = exception.getCommandLine();
            PrintWriter err = command.getErr();
            if (arguments.length == 0) {
                command.usage(err);
                return CommandLine.ExitCode.SOFTWARE;
            }
            err.println(command.getColorScheme().errorText(exception.getMessage()));
            UnmatchedArgumentException.printSuggestions(exception, err);
            err.println("\"" + command.getCommandSpec().qualifiedName() + " --help\" lists what there is.");
            return CommandLine.ExitCode.SOFTWARE;
        };
    }

    /** What the user can mend is one sentence; what only a programmer can, a stack trace. */
    private static IExecutionExceptionHandler sentences() {
        return (exception, command, parsed) -> {
            if (exception instanceof IOException
                    || exception instanceof IllegalArgumentException
                    || exception instanceof UnsupportedNetworkException) {
                command.getErr().println(command.getColorScheme().errorText(sentence(exception)));
                return CommandLine.ExitCode.SOFTWARE;
            }
            throw exception;
        };
    }

    /** Messages of the file system are a path and no more. */
    private static String sentence(Exception exception) {
        if (exception instanceof AccessDeniedException denied) {
            return denied.getFile() + ": access is denied; give another folder by --out, or change its permissions";
        }
        if (exception instanceof NoSuchFileException missing) {
            return "There is no file " + missing.getFile();
        }
        if (exception instanceof FileAlreadyExistsException there) {
            return there.getFile() + " is a file, where a folder is wanted; give another by --out";
        }
        if (exception instanceof FileSystemException failure && failure.getReason() == null) {
            return failure.getFile() + " cannot be used (" + failure.getClass().getSimpleName() + ")";
        }
        return exception.getMessage() == null ? exception.toString() : exception.getMessage();
    }
}
