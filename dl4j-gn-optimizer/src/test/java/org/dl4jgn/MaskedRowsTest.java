package org.dl4jgn;

import static org.dl4jgn.testing.Networks.normal;
import static org.dl4jgn.testing.Tolerances.DOUBLE;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.GravesBidirectionalLSTM;
import org.deeplearning4j.nn.conf.layers.GravesLSTM;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.conf.Damping;
import org.dl4jgn.conf.Egn;
import org.dl4jgn.conf.LineSearch;
import org.dl4jgn.linalg.HostMemory;
import org.dl4jgn.testing.Searching;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Rows of a masked loss are no part of EGN's system, whose solution is the same without them. */
class MaskedRowsTest {

    private static final int B = 4;
    private static final int T = 6;
    private static final int C = 3;

    private static final int[] LENGTHS = {6, 3, 2, 1};
    private static final int STEPS = 12;

    private static Egn.Builder egn() {
        return Searching.egn().damping(Damping.constant(0.1)).lineSearch(LineSearch.none());
    }

    private static LSTM lstm() {
        return new LSTM.Builder().nIn(2).nOut(6).activation(Activation.TANH).build();
    }

    private static RnnOutputLayer output(boolean classes) {
        return new RnnOutputLayer.Builder(classes ? LossFunction.MCXENT : LossFunction.MSE)
                .nIn(6)
                .nOut(C)
                .activation(classes ? Activation.SOFTMAX : Activation.IDENTITY)
                .build();
    }

    private static MultiLayerNetwork network(Egn settings, boolean classes) {
        return network(settings, classes, lstm());
    }

    private static MultiLayerNetwork network(Egn settings, boolean classes, Layer layer) {
        MultiLayerNetwork net = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .seed(3)
                .updater(settings)
                .list()
                .layer(layer.clone())
                .layer(output(classes))
                .build());
        net.init();
        net.setParams(normal(1, 0.5, 1, net.numParams()));
        return GaussNewton.attach(net);
    }

    private static INDArray labels() {
        INDArray y = Nd4j.zeros(DataType.DOUBLE, B, C, T);
        for (int i = 0; i < B; i++) {
            for (int t = 0; t < T; t++) {
                y.putScalar(new int[] {i, (i + t) % C, t}, 1.0);
            }
        }
        return y;
    }

    private static INDArray mask() {
        INDArray mask = Nd4j.zeros(DataType.DOUBLE, B, T);
        for (int i = 0; i < B; i++) {
            for (int t = 0; t < LENGTHS[i]; t++) {
                mask.putScalar(i, t, 1.0);
            }
        }
        return mask;
    }

    private static DataSet batch(INDArray mask) {
        return new DataSet(normal(2, 1, B, 2, T), labels(), null, mask);
    }

    private static StepReport report(org.deeplearning4j.nn.api.Model net) {
        return GaussNewton.report(net).orElseThrow();
    }

    private static void assertSolvedWithout(long rows, boolean classes, INDArray mask) {
        assertSolvedWithout(rows, classes, mask, lstm());
    }

    private static void assertSolvedWithout(long rows, boolean classes, INDArray mask, Layer layer) {
        MultiLayerNetwork net = network(egn().build(), classes, layer);
        MultiLayerNetwork expected =
                network(egn().gramLimit(1).cgTolerance(1e-13).build(), classes, layer);
        DataSet batch = batch(mask);
        net.fit(batch);
        expected.fit(batch);
        assertEquals("GRAM_CHOLESKY", report(net).solver());
        assertEquals(rows, report(net).systemSize());
        assertEquals("CONJUGATE_GRADIENTS", report(expected).solver());
        assertClose(expected.params(), net.params(), DOUBLE, "parameters after a step");
    }

    @Test
    void stepsAreLeftOut() {
        assertSolvedWithout(STEPS * (C - 1), true, mask());
        assertSolvedWithout(STEPS * C, false, mask());
    }

    @Test
    void singleOutputsAreLeftOut() {
        INDArray mask = Nd4j.ones(DataType.DOUBLE, B, C, T);
        mask.putScalar(new int[] {0, 1, 2}, 0.0);
        mask.putScalar(new int[] {3, 0, 5}, 0.0);
        mask.putScalar(new int[] {3, 2, 5}, 0.0);
        assertSolvedWithout(B * C * T - 3, false, mask);
    }

    @Test
    void peepholesHaveRowsToo() {
        GravesLSTM oneWay = new GravesLSTM.Builder()
                .nIn(2)
                .nOut(6)
                .activation(Activation.TANH)
                .build();
        GravesBidirectionalLSTM bothWays = new GravesBidirectionalLSTM.Builder()
                .nIn(2)
                .nOut(6)
                .activation(Activation.TANH)
                .build();
        for (Layer layer : List.of(oneWay, bothWays)) {
            assertSolvedWithout(STEPS * (C - 1), true, mask(), layer);
            assertSolvedWithout(B * T * C, false, Nd4j.ones(DataType.DOUBLE, B, T), layer);
        }
    }

    /** There the matrix is formed of all rows, and what counts is moved to the front. */
    @Test
    void backendsWhoseMemoryIsTheirOwn() {
        try (HostMemory.Hidden hidden = HostMemory.hide()) {
            assertSolvedWithout(STEPS * (C - 1), true, mask());
        }
    }

    @Test
    void theSizeIsThatOfEachBatch() {
        MultiLayerNetwork net = network(egn().build(), true);
        INDArray all = Nd4j.ones(DataType.DOUBLE, B, T);
        for (INDArray mask : List.of(mask(), all, mask())) {
            net.fit(batch(mask));
            assertEquals(mask.sumNumber().longValue() * (C - 1), report(net).systemSize());
        }
    }

    @Test
    void theLimitIsOnRowsThatCount() {
        MultiLayerNetwork net = network(egn().gramLimit(STEPS * (C - 1)).build(), true);
        net.fit(batch(mask()));
        assertEquals("GRAM_CHOLESKY", report(net).solver());
        net.fit(batch(Nd4j.ones(DataType.DOUBLE, B, T)));
        assertEquals("CONJUGATE_GRADIENTS", report(net).solver());
    }

    @Test
    void headsOfAGraphHaveMasksOfTheirOwn() {
        ComputationGraph exact = graph(egn().build());
        ComputationGraph expected = graph(egn().gramLimit(1).cgTolerance(1e-13).build());
        MultiDataSet batch = new MultiDataSet(
                new INDArray[] {normal(2, 1, B, 2, T)},
                new INDArray[] {labels(), normal(4, 1, B, C, T)},
                null,
                new INDArray[] {mask(), null});
        exact.fit(batch);
        expected.fit(batch);
        assertEquals(STEPS * (C - 1) + B * T * C, report(exact).systemSize());
        assertClose(expected.params(), exact.params(), DOUBLE, "parameters after a step");
    }

    private static ComputationGraph graph(Egn settings) {
        ComputationGraph net = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .seed(3)
                .updater(settings)
                .graphBuilder()
                .addInputs("in")
                .addLayer("lstm", lstm(), "in")
                .addLayer("classes", output(true), "lstm")
                .addLayer("numbers", output(false), "lstm")
                .setOutputs("classes", "numbers")
                .build());
        net.init();
        return GaussNewton.attach(net);
    }
}
