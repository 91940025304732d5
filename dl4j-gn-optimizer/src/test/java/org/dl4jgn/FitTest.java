package org.dl4jgn;

import static org.dl4jgn.testing.Small.bits;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.deeplearning4j.datasets.iterator.AsyncShieldDataSetIterator;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.testing.Small;
import org.dl4jgn.testing.Tolerances;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** {@code fit}, in all its forms, trains a network with Sgn as it trains one with DL4J's own optimizers. */
class FitTest {

    private static final Sgn SGN = Sgn.builder().build();

    @ParameterizedTest
    @EnumSource(
            value = WorkspaceMode.class,
            names = {"ENABLED", "NONE"})
    void allFormsTakeTheSameStep(WorkspaceMode mode) {
        DataSet data = Small.data(20);
        INDArray x = data.getFeatures();
        INDArray y = data.getLabels();
        int[] classes = y.argMax(1).toIntVector();
        Map<String, Consumer<MultiLayerNetwork>> forms = new TreeMap<>(Map.of(
                "arrays", net -> net.fit(x, y),
                "arrays and no masks", net -> net.fit(x, y, null, null),
                "arrays and masks of ones", net -> net.fit(x, y, null, Nd4j.ones(DataType.DOUBLE, 20, 1)),
                "class numbers", net -> net.fit(x, classes),
                "DataSet", net -> net.fit(data),
                "MultiDataSet", net -> net.fit(data.toMultiDataSet()),
                "iterator", net -> net.fit(Small.iterator(data)),
                "iterator without prefetching", net -> net.fit(new AsyncShieldDataSetIterator(Small.iterator(data))),
                "iterator and epochs", net -> net.fit(Small.iterator(data), 1),
                "input and labels set before",
                        net -> {
                            net.setInput(x);
                            net.setLabels(y);
                            net.fit();
                        }));
        MultiLayerNetwork expected = network(SGN, mode);
        long[] before = bits(expected);
        expected.fit(data);
        assertFalse(Arrays.equals(before, bits(expected)), "no step was taken");
        forms.forEach((form, fit) -> {
            MultiLayerNetwork net = network(SGN, mode);
            fit.accept(net);
            assertArrayEquals(bits(expected), bits(net), form);
            assertEquals(1, net.getIterationCount(), form);
        });
    }

    private static MultiLayerNetwork network(IUpdater updater, WorkspaceMode mode) {
        return GaussNewton.attach(Small.network(updater, conf -> conf.trainingWorkspaceMode(mode), Small.layers()));
    }

    @Test
    void anIteratorTakesAStepOnEachBatchAndOnTheShortLastOne() {
        MultiLayerNetwork byIterator = Small.attached(SGN);
        MultiLayerNetwork byBatch = Small.attached(SGN);
        byIterator.fit(Small.iterator(), 2);
        for (int epoch = 0; epoch < 2; epoch++) {
            Small.batches().forEach(byBatch::fit);
        }
        assertArrayEquals(bits(byBatch), bits(byIterator));
    }

    @Test
    void workspacesDoNotChangeTheNumbers() {
        MultiLayerNetwork with = network(SGN, WorkspaceMode.ENABLED);
        MultiLayerNetwork without = network(SGN, WorkspaceMode.NONE);
        with.fit(Small.iterator(), 3);
        without.fit(Small.iterator(), 3);
        assertArrayEquals(bits(without), bits(with));
    }

    @Test
    void iterationsAndEpochsAreCountedAsWithSgd() {
        MultiLayerNetwork sgd = Small.network(new Sgd(0.1));
        MultiLayerNetwork sgn = Small.attached(SGN);
        for (MultiLayerNetwork net : new MultiLayerNetwork[] {sgd, sgn}) {
            net.fit(Small.iterator(), 2);
            net.fit(Small.data(10));
            net.fit(Small.iterator());
        }
        assertEquals(sgd.getIterationCount(), sgn.getIterationCount());
        assertEquals(sgd.getEpochCount(), sgn.getEpochCount());
        assertEquals(10, sgn.getIterationCount());
        assertEquals(3, sgn.getEpochCount());
    }

    @Test
    void theScoreIsTheLossBeforeTheStepAsWithSgd() {
        DataSet data = Small.data(20);
        MultiLayerNetwork sgd = Small.network(new Sgd(0.1), conf -> conf.l2(0.03), Small.layers());
        MultiLayerNetwork sgn = GaussNewton.attach(Small.network(SGN, conf -> conf.l2(0.03), Small.layers()));
        sgd.fit(data);
        sgn.fit(data);
        assertScoresMatch(sgd, sgn);
        double after = sgn.score();
        sgd.setParams(sgn.params());
        sgd.fit(data);
        sgn.fit(data);
        assertScoresMatch(sgd, sgn);
        assertEquals(GaussNewton.report(sgn).orElseThrow().lossBefore(), sgn.score());
        assertTrue(sgn.score() < after, "the step lowered the loss");
    }

    /** DL4J masks an example by its label mask, or by a feature mask of one column. */
    @ParameterizedTest
    @EnumSource(MaskKind.class)
    void masksCountAsInDl4j(MaskKind kind) {
        DataSet data = Small.data(6);
        INDArray mask = Nd4j.createFromArray(1.0, 0.0, 1.0, 1.0, 0.0, 1.0).reshape(6, 1);
        MultiLayerNetwork sgd = Small.network(new Sgd(0.1));
        MultiLayerNetwork sgn = Small.attached(SGN);
        for (MultiLayerNetwork net : new MultiLayerNetwork[] {sgd, sgn}) {
            kind.fit(net, data, mask);
        }
        assertScoresMatch(sgd, sgn);
        assertFalse(Arrays.equals(bits(Small.network(SGN)), bits(sgn)), "no step was taken");
    }

    /** How a mask comes to the network. */
    enum MaskKind {
        LABELS {
            @Override
            void fit(MultiLayerNetwork net, DataSet data, INDArray mask) {
                net.fit(data.getFeatures(), data.getLabels(), null, mask);
            }
        },
        FEATURES {
            @Override
            void fit(MultiLayerNetwork net, DataSet data, INDArray mask) {
                net.fit(data.getFeatures(), data.getLabels(), mask, null);
            }
        },
        BOTH {
            @Override
            void fit(MultiLayerNetwork net, DataSet data, INDArray mask) {
                net.fit(data.getFeatures(), data.getLabels(), mask, mask);
            }
        },
        ITERATOR {
            @Override
            void fit(MultiLayerNetwork net, DataSet data, INDArray mask) {
                net.fit(Small.iterator(new DataSet(data.getFeatures(), data.getLabels(), null, mask)));
            }
        };

        abstract void fit(MultiLayerNetwork net, DataSet data, INDArray mask);
    }

    /** Of a softmax, where DL4J masks z and so changes the other outputs, masks of single outputs are refused. */
    @Test
    void masksOfSingleOutputsCountAsInDl4j() {
        INDArray mask = Nd4j.createFromArray(new double[][] {{1, 0, 1}, {1, 1, 1}, {0, 0, 1}, {1, 1, 0}});
        DataSet data = Small.data(4);
        Layer[] layers = {Small.layers()[0], Small.output(5, Small.CLASSES, LossFunction.XENT, Activation.SIGMOID)};
        MultiLayerNetwork sgd = Small.network(new Sgd(0.1), conf -> {}, layers);
        MultiLayerNetwork sgn = GaussNewton.attach(Small.network(SGN, conf -> {}, layers));
        for (MultiLayerNetwork net : new MultiLayerNetwork[] {sgd, sgn}) {
            net.fit(data.getFeatures(), data.getLabels(), null, mask);
        }
        assertScoresMatch(sgd, sgn);
    }

    @Test
    void aMaskServesItsOwnBatchOnly() {
        DataSet data = Small.data(6);
        INDArray mask = Nd4j.createFromArray(1.0, 0.0, 1.0, 1.0, 0.0, 1.0).reshape(6, 1);
        MultiLayerNetwork expected = Small.attached(SGN);
        expected.fit(data.getFeatures(), data.getLabels(), null, mask);
        expected.fit(data);
        MultiLayerNetwork net = Small.attached(SGN);
        net.fit(Small.iterator(new DataSet(data.getFeatures(), data.getLabels(), null, mask), data));
        assertArrayEquals(bits(expected), bits(net));
    }

    private static void assertScoresMatch(MultiLayerNetwork expected, MultiLayerNetwork actual) {
        Tolerances.assertClose(expected.score(), actual.score(), Tolerances.ROUNDING, "score");
    }
}
