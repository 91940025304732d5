package org.dl4jgn.examples;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.examples.sine.Budget;
import org.dl4jgn.examples.sine.ComparisonChart;
import org.dl4jgn.examples.sine.ComparisonTable;
import org.dl4jgn.examples.sine.Contender;
import org.dl4jgn.examples.sine.Curve;
import org.dl4jgn.examples.sine.Run;
import org.dl4jgn.examples.sine.SineData;
import org.dl4jgn.examples.sine.SineNetwork;
import org.dl4jgn.examples.sine.TimedTraining;
import org.dl4jgn.examples.sine.TrainingProgress;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.nativeblas.NativeOpsHolder;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Trains SGN against DL4J's own SGD and Adam on the SGN paper's sine problem; {@code --help} lists the options. */
@Command(
        name = "SineComparison",
        description = "Trains SGN, SGD and Adam on a noisy sine and compares their test loss by time and by epoch.",
        sortOptions = false,
        showDefaultValues = true,
        usageHelpWidth = 100)
public final class SineComparison implements Callable<Integer> {

    @Spec
    CommandSpec spec;

    @ArgGroup
    Limit limit = new Limit();

    @ArgGroup
    Precision precision = new Precision();

    @Option(names = "--seed", description = "decides data, first weights and order of the data")
    long seed = 42;

    @Option(names = "--cg-iterations", description = "conjugate-gradient iterations of an SGN step")
    int cgIterations = 10;

    @Option(names = "--sgd-rate", description = "learning rate of SGD")
    double sgdRate = 0.1;

    @Option(names = "--adam-rate", description = "learning rate of Adam")
    double adamRate = 0.01;

    @Option(names = "--frequency", description = "epochs from one test to the next")
    int frequency = 1;

    @Option(
            names = "--warm-up",
            description =
                    "seconds that each optimizer trains another network before any clock runs, so that the JVM has"
                            + " compiled what they use")
    double warmUp = 1;

    @Option(names = "--output", description = "file of the chart")
    Path output = Path.of("target/sine.png");

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "show this help and end")
    boolean help;

    static final class Limit {

        @Option(names = "--seconds", description = "training time of each optimizer")
        double seconds = 12;

        @Nullable
        @Option(names = "--epochs", description = "epochs of each optimizer, instead of a time")
        Integer epochs;

        Budget budget() {
            return epochs == null ? Budget.seconds(seconds) : Budget.epochs(epochs);
        }
    }

    static final class Precision {

        @Option(names = "--float", description = "compute in float, as DL4J does by default")
        boolean single;

        @Option(names = "--double", description = "compute in double")
        boolean twice;

        DataType type() {
            return twice ? DataType.DOUBLE : DataType.FLOAT;
        }
    }

    /** Runs the comparison. */
    public static void main(String[] args) {
        System.setProperty("java.awt.headless", "true");
        System.exit(new CommandLine(new SineComparison()).execute(args));
    }

    @Override
    public Integer call() throws IOException {
        Budget budget;
        Budget unclocked;
        TimedTraining training;
        List<Contender> contenders;
        try {
            budget = limit.budget();
            unclocked = Budget.seconds(warmUp);
            training = new TimedTraining(SineData.generate(seed, precision.type()), seed, frequency);
            contenders = List.of(Contender.sgd(sgdRate), Contender.adam(adamRate), Contender.sgn(cgIterations));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        System.out.printf(
                "y = sin(10x) + noise; network 1-20-20-20-1, sigmoid; batch %d; %s; seed %d; threads %d; each trains for %s%n%n",
                TimedTraining.BATCH,
                precision.type(),
                seed,
                NativeOpsHolder.getInstance().getDeviceNativeOps().ompGetMaxThreads(),
                budget);
        contenders.forEach(contender -> train(contender, training, unclocked, point -> {}));
        List<Run> runs = new ArrayList<>();
        for (Contender contender : contenders) {
            try (TrainingProgress progress = new TrainingProgress(contender.name(), budget)) {
                runs.add(train(contender, training, budget, progress));
            }
        }
        System.out.println();
        System.out.println(ComparisonTable.of(runs));
        ComparisonChart.write(runs, output);
        System.out.println("Chart: " + output.toAbsolutePath().normalize());
        return CommandLine.ExitCode.OK;
    }

    private Run train(Contender contender, TimedTraining training, Budget budget, Consumer<Curve.Point> watcher) {
        MultiLayerNetwork net = SineNetwork.create(contender.optimizer().clone(), seed, precision.type());
        return new Run(contender, training.run(net, budget, watcher), training.trainLoss(net));
    }
}
