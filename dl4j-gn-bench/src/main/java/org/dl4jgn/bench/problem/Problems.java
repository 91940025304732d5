package org.dl4jgn.bench.problem;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.weights.WeightInit;
import org.dl4jgn.bench.problem.Architecture.Convolutional;
import org.dl4jgn.bench.problem.Architecture.Convolutional.Convolution;
import org.dl4jgn.bench.problem.Architecture.Dense;
import org.dl4jgn.bench.problem.Architecture.Recurrent;
import org.dl4jgn.tables.Names;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;

/** All problems that are known by name. */
public final class Problems {

    static final int EGN_BATCH = 128;

    /** The network of the EGN paper's regression and classification. */
    static final Dense MEDIUM = new Dense(List.of(32, 64, 32), Activation.RELU, WeightInit.XAVIER);

    private static final String SGN_PAPER = "SGN paper";
    private static final String EGN_PAPER = "EGN paper";
    private static final int SGN_BATCH = 1000;

    private static final Map<String, String> ALIASES = Map.of(
            "sine_10", "sine",
            "sine-10", "sine",
            "sine-100", "sine_100",
            "fashion", "fashion-mnist",
            "cifar", "cifar10",
            "california", "california-housing",
            "superconductivity", "superconduct",
            "boston-housing", "boston");

    private static final List<Problem> OF_THE_FIELD = List.of(
            new SupervisedProblem(
                    "boston",
                    "Boston housing, 404 + 102 examples",
                    SGN_PAPER,
                    SgnPaperData::boston,
                    new Shape(13, 1, Task.REGRESSION),
                    sigmoid(100, 100),
                    Start.AUTHORS_NORMAL,
                    new Problem.Defaults(DataType.DOUBLE, 101, 100, 2)),
            new SupervisedProblem(
                    "sine",
                    "sin(10 x) with noise, 7000 + 3000 examples",
                    SGN_PAPER,
                    SgnPaperData.sine(10),
                    new Shape(1, 1, Task.REGRESSION),
                    sigmoid(20, 20, 20),
                    Start.AUTHORS_NORMAL,
                    new Problem.Defaults(DataType.DOUBLE, SGN_BATCH, 100, 3)),
            new SupervisedProblem(
                    "sine_100",
                    "sin(100 x) with noise, 7000 + 3000 examples",
                    SGN_PAPER,
                    SgnPaperData.sine(100),
                    new Shape(1, 1, Task.REGRESSION),
                    sigmoid(20, 20, 20),
                    Start.AUTHORS_NORMAL,
                    new Problem.Defaults(DataType.DOUBLE, SGN_BATCH, 100, 3)),
            new SupervisedProblem(
                    "mnist",
                    "MNIST, 60000 + 10000 images of digits",
                    SGN_PAPER,
                    ImageData.pixelsOverMaximum("mnist"),
                    new Shape(784, 10, Task.CLASSES),
                    sigmoid(20, 20, 20),
                    Start.AUTHORS_NORMAL,
                    new Problem.Defaults(DataType.DOUBLE, SGN_BATCH, 25, 10)),
            new SupervisedProblem(
                    "mnist-wide",
                    "MNIST, by a network of a million parameters",
                    "SGN paper's data",
                    ImageData.pixelsOverMaximum("mnist"),
                    new Shape(784, 10, Task.CLASSES),
                    new Dense(List.of(800, 400), Activation.RELU, WeightInit.XAVIER),
                    Start.SEEDED,
                    new Problem.Defaults(DataType.FLOAT, SGN_BATCH, 5, 60)),
            new SupervisedProblem(
                    "fashion-mnist",
                    "Fashion-MNIST, 60000 + 10000 images of clothes",
                    SGN_PAPER,
                    ImageData.standardized("fashion-mnist"),
                    new Shape(784, 10, Task.CLASSES),
                    new Convolutional(
                            1,
                            28,
                            List.of(new Convolution(6, 5, true), new Convolution(16, 5, true)),
                            List.of(120, 84)),
                    Start.SAME,
                    new Problem.Defaults(DataType.FLOAT, SGN_BATCH, 10, 60)),
            new SupervisedProblem(
                    "cifar10",
                    "CIFAR-10, 50000 + 10000 images of things and animals",
                    SGN_PAPER,
                    ImageData::cifar10,
                    new Shape(3072, 10, Task.CLASSES),
                    new Convolutional(
                            3,
                            32,
                            List.of(
                                    new Convolution(32, 3, true),
                                    new Convolution(64, 3, true),
                                    new Convolution(64, 3, false)),
                            List.of(64)),
                    Start.SAME,
                    new Problem.Defaults(DataType.FLOAT, SGN_BATCH, 10, 120)),
            new SupervisedProblem(
                    "california-housing",
                    "California housing, 20640 examples",
                    EGN_PAPER,
                    EgnPaperData::californiaHousing,
                    new Shape(8, 1, Task.REGRESSION),
                    MEDIUM,
                    Start.SEEDED,
                    new Problem.Defaults(DataType.FLOAT, EGN_BATCH, 30, 10)),
            new SupervisedProblem(
                    "superconduct",
                    "Superconductivity, 21263 examples",
                    EGN_PAPER,
                    EgnPaperData::superconduct,
                    new Shape(81, 1, Task.REGRESSION),
                    MEDIUM,
                    Start.SEEDED,
                    new Problem.Defaults(DataType.FLOAT, EGN_BATCH, 50, 10)),
            new SupervisedProblem(
                    "diamonds",
                    "Diamonds, 53940 examples",
                    EGN_PAPER,
                    EgnPaperData::diamonds,
                    new Shape(26, 1, Task.REGRESSION),
                    MEDIUM,
                    Start.SEEDED,
                    new Problem.Defaults(DataType.FLOAT, EGN_BATCH, 20, 10)),
            new SupervisedProblem(
                    "imdb",
                    "IMDB reviews, 25000 + 25000 examples",
                    EGN_PAPER,
                    ReviewData::load,
                    new Shape(ReviewData.BINS, 1, Task.BINARY),
                    MEDIUM,
                    Start.SEEDED,
                    new Problem.Defaults(DataType.FLOAT, EGN_BATCH, 5, 10)),
            new SupervisedProblem(
                    "char-text",
                    "a text of known entropy, 2000 + 500 excerpts of 50 characters",
                    "character model",
                    TextData::load,
                    new Shape(TextData.SYMBOLS * TextData.STEPS, TextData.SYMBOLS * TextData.STEPS, Task.CLASSES),
                    new Recurrent(TextData.STEPS, List.of(64)),
                    Start.SEEDED,
                    new Problem.Defaults(DataType.FLOAT, 32, 20, 120)),
            new SupervisedProblem(
                    "resnet20",
                    "CIFAR-10, 50000 + 10000 images of things and animals",
                    "He et al. 2016",
                    ImageData::cifar10,
                    new Shape(3072, 10, Task.CLASSES),
                    ResidualArchitecture.RESNET_20,
                    Start.SEEDED,
                    new Problem.Defaults(DataType.FLOAT, 128, 2, 240)),
            ControlProblems.cartPole(),
            ControlProblems.acrobot(),
            ControlProblems.regulator());

    private static final List<Problem> ALL =
            Stream.concat(OF_THE_FIELD.stream(), SmoothData.problems().stream()).toList();

    private Problems() {}

    private static Architecture sigmoid(Integer... hidden) {
        return new Dense(List.of(hidden), Activation.SIGMOID, WeightInit.XAVIER);
    }

    private static IllegalArgumentException unknown(String name) {
        List<String> known = ALL.stream().map(Problem::name).toList();
        String near = Names.didYouMean(name, known);
        return new IllegalArgumentException("There is no problem \"" + name + "\""
                + (near.isEmpty() ? "; there are " : near + " There are ") + String.join(", ", known)
                + ", and any table by --csv FILE --target COLUMN");
    }

    /** All of them. */
    public static List<Problem> all() {
        return ALL;
    }

    /**
     * The problem of a name.
     *
     * @throws IllegalArgumentException if there is none; the message lists all
     */
    public static Problem named(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        String known = ALIASES.getOrDefault(lower, lower);
        return ALL.stream()
                .filter(problem -> problem.name().equals(known))
                .findFirst()
                .orElseThrow(() -> unknown(name));
    }
}
