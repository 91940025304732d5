package org.dl4jgn;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.conf.Egn;
import org.dl4jgn.conf.GaussNewtonUpdater;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.dl4j.GaussNewtonOptimizer;
import org.dl4jgn.testing.Small;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.slf4j.LoggerFactory;

/**
 * Data as they come, before anyone has looked at them, and networks that begin badly, with the defaults: the loss goes down, or a
 * sentence says what to do; the parameters are finite either way.
 */
class HardDataTest {

    private static final Sgn SGN = Sgn.builder().build();
    private static final Egn EGN = Egn.builder().build();
    private static final int EXAMPLES = 60;
    private static final int BATCHES = 3;
    private static final int STEPS = 30;

    /** Less than this share of the loss is none that anyone would notice. */
    private static final double SMALLEST_PROGRESS = 1e-3;

    /** What is wrong. */
    enum Trouble {
        LARGE_FEATURES(data -> data.getFeatures().muli(1e6)),
        SMALL_FEATURES(data -> data.getFeatures().muli(1e-6)),
        FEATURES_OF_ALL_SCALES(data -> {
            for (int i = 0; i < Small.INPUTS; i++) {
                column(data.getFeatures(), i).muli(Math.pow(10, 4 * i - 6));
            }
        }),
        LARGE_OFFSETS(data -> data.getFeatures().addi(1e4)),
        DUPLICATED_ROWS(data -> {
            for (int i = 0; i < EXAMPLES; i++) {
                data.getFeatures().putRow(i, data.getFeatures().getRow(i % 3).dup());
                data.getLabels().putRow(i, data.getLabels().getRow(i % 3).dup());
            }
        }),
        THE_SAME_ROW_WITH_DIFFERENT_LABELS(data -> {
            INDArray row = data.getFeatures().getRow(0).dup();
            for (int i = 0; i < EXAMPLES; i++) {
                data.getFeatures().putRow(i, row);
            }
        }),
        CONSTANT_FEATURES(data -> {
            column(data.getFeatures(), 0).assign(1e3);
            column(data.getFeatures(), 1).assign(0);
        }),
        NO_FEATURES(data -> data.getFeatures().assign(0)),
        THE_SAME_FEATURE_TWICE(data -> column(data.getFeatures(), 1)
                .assign(column(data.getFeatures(), 0).dup())),
        ONE_EXAMPLE_FAR_AWAY(data -> data.getFeatures().getRow(7).muli(1e6)),
        DEAD_UNITS(data -> {}, net -> net.getParam("0_b").assign(-100)),
        SATURATED_UNITS(data -> {}, net -> net.getParam("0_W").muli(1e3)),
        CERTAIN_AND_WRONG(data -> {}, net -> net.getParam("1_W").muli(1e3)),
        ALL_PARAMETERS_ZERO(data -> {}, net -> net.params().assign(0)),
        A_CLASS_NEVER_SEEN(data -> {
            INDArray last = column(data.getLabels(), Small.CLASSES - 1);
            column(data.getLabels(), 0).addi(last);
            last.assign(0);
        }),
        ONE_CLASS_ALONE(data -> {
            data.getLabels().assign(0);
            column(data.getLabels(), 1).assign(1);
        }),
        OUTLIERS_OF_LABELS(true, data -> {
            data.getLabels().putScalar(3, 0, 1e6);
            data.getLabels().putScalar(20, 1, -1e6);
        }),
        LARGE_LABELS(true, data -> data.getLabels().muli(1e6)),
        SMALL_LABELS(true, data -> data.getLabels().muli(1e-6)),
        LABELS_FAR_FROM_ZERO(true, data -> data.getLabels().addi(1e6));

        private final boolean isOfRegression;
        private final Consumer<DataSet> data;
        private final Consumer<MultiLayerNetwork> net;

        Trouble(Consumer<DataSet> data) {
            this(data, net -> {});
        }

        Trouble(boolean isOfRegression, Consumer<DataSet> data) {
            this(isOfRegression, data, net -> {});
        }

        Trouble(Consumer<DataSet> data, Consumer<MultiLayerNetwork> net) {
            this(false, data, net);
        }

        Trouble(boolean isOfRegression, Consumer<DataSet> data, Consumer<MultiLayerNetwork> net) {
            this.isOfRegression = isOfRegression;
            this.data = data;
            this.net = net;
        }

        private static INDArray column(INDArray array, int at) {
            return array.get(NDArrayIndex.all(), NDArrayIndex.interval(at, at + 1));
        }
    }

    static Stream<Arguments> trainings() {
        return Arrays.stream(Trouble.values())
                .flatMap(trouble -> Stream.of(
                        Arguments.of(trouble, SGN, Activation.TANH, 1),
                        Arguments.of(trouble, EGN, Activation.TANH, 1),
                        Arguments.of(trouble, trouble.ordinal() % 2 == 0 ? SGN : EGN, Activation.RELU, BATCHES)));
    }

    @ParameterizedTest(name = "{0}, {1}, {2}, batches: {3}")
    @MethodSource("trainings")
    void theLossGoesDownOrASentenceSaysWhyNot(
            Trouble trouble, GaussNewtonUpdater updater, Activation hidden, int batches) {
        Layer[] layers = {
            new DenseLayer.Builder()
                    .nIn(Small.INPUTS)
                    .nOut(5)
                    .activation(hidden)
                    .build(),
            trouble.isOfRegression
                    ? Small.output(5, Small.CLASSES, LossFunction.MSE, Activation.IDENTITY)
                    : Small.output(5, Small.CLASSES, LossFunction.MCXENT, Activation.SOFTMAX)
        };
        MultiLayerNetwork net =
                GaussNewton.attach(Small.network(updater, conf -> conf.dataType(DataType.FLOAT), layers));
        trouble.net.accept(net);
        DataSet data = Small.data(EXAMPLES);
        trouble.data.accept(data);
        List<DataSet> epoch = data.batchBy(EXAMPLES / batches);
        ListAppender<ILoggingEvent> log = listening();
        double first = epoch(net, epoch);
        double last = first;
        for (int i = 1; i < STEPS / batches; i++) {
            last = epoch(net, epoch);
        }
        if (!(last < first * (1 - SMALLEST_PROGRESS))) {
            assertTrue(
                    log.list.stream()
                            .anyMatch(said -> said.getLevel() == Level.WARN
                                    && said.getFormattedMessage().contains("Standardize")),
                    first + " to " + last + ", " + log.list);
        }
    }

    /** The mean loss before each step, exact where DL4J's score is clipped. */
    private static double epoch(MultiLayerNetwork net, List<DataSet> batches) {
        double sum = 0;
        for (DataSet batch : batches) {
            net.fit(batch);
            StepReport report = GaussNewton.report(net).orElseThrow();
            assertTrue(Small.isFinite(net.params()), report::toString);
            sum += report.lossBefore();
        }
        return sum / batches.size();
    }

    private static ListAppender<ILoggingEvent> listening() {
        ListAppender<ILoggingEvent> appender = new ListAppender<>();
        appender.start();
        Logger logger = (Logger) LoggerFactory.getLogger(GaussNewtonOptimizer.class);
        logger.detachAndStopAllAppenders();
        logger.addAppender(appender);
        return appender;
    }
}
