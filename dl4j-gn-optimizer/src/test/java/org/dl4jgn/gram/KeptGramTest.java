package org.dl4jgn.gram;

import static org.dl4jgn.testing.Networks.classes;
import static org.dl4jgn.testing.Networks.dense;
import static org.dl4jgn.testing.Networks.normal;
import static org.dl4jgn.testing.Networks.oneHot;
import static org.dl4jgn.testing.Networks.output;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.dl4jgn.testing.Tolerances.products;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.layers.GravesLSTM;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.linalg.HostMemory;
import org.dl4jgn.plan.Program;
import org.dl4jgn.testing.Networks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** The Gram matrix of some rows, formed without the others, is a part of the matrix of all. */
class KeptGramTest {

    private static final int B = 5;
    private static final int T = 6;
    private static final int C = 3;
    private static final int IN = 4;
    private static final int UNITS = 5;

    private enum Net {
        DENSE,
        LSTM,
        PEEPHOLES;

        NetworkAt at(DataType type) {
            INDArray steps = normal(11, 1.0, B, IN, T);
            INDArray labels = normal(12, 1.0, B, C, T);
            return switch (this) {
                case DENSE ->
                    new NetworkAt(
                            Networks.of(
                                    type,
                                    dense(IN, UNITS, Activation.TANH),
                                    output(UNITS, C, Activation.SOFTMAX, new LossMCXENT())),
                            normal(11, 1.0, B * T, IN),
                            oneHot(classes(6, B * T, C), C));
                case LSTM ->
                    new NetworkAt(
                            network(
                                    type,
                                    new LSTM.Builder()
                                            .nIn(IN)
                                            .nOut(UNITS)
                                            .activation(Activation.TANH)
                                            .build(),
                                    steps(UNITS)),
                            steps,
                            labels);
                case PEEPHOLES ->
                    new NetworkAt(
                            network(
                                    type,
                                    new GravesLSTM.Builder()
                                            .nIn(IN)
                                            .nOut(UNITS)
                                            .activation(Activation.TANH)
                                            .build(),
                                    steps(UNITS)),
                            steps,
                            labels);
            };
        }
    }

    private static MultiLayerNetwork network(DataType type, org.deeplearning4j.nn.conf.layers.Layer... layers) {
        MultiLayerNetwork net = Networks.of(type, layers);
        net.setParams(normal(1, 0.5, 1, net.numParams()).castTo(type));
        return net;
    }

    private static RnnOutputLayer steps(int in) {
        return new RnnOutputLayer.Builder(LossFunction.MSE)
                .nIn(in)
                .nOut(C)
                .activation(Activation.IDENTITY)
                .build();
    }

    static Stream<Arguments> networks() {
        return Stream.of(Net.values())
                .flatMap(net -> Stream.of(DataType.DOUBLE, DataType.FLOAT).map(type -> Arguments.of(net, type)));
    }

    /** Two thirds of the rows, so that no example has as many as the next; other factors for each array of parameters. */
    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("networks")
    void isThatOfTheRowsThemselves(Net net, DataType type) {
        try (NetworkAt exact = net.at(DataType.DOUBLE);
                NetworkAt at = net.at(type);
                NetworkRows all = rows(exact, DataType.DOUBLE);
                NetworkRows rows = rows(at, type)) {
            all.load();
            rows.load();
            rows.weigh(index -> inverse(rows, index));
            int[] kept = IntStream.range(0, B * T * C)
                    .filter(i -> i % 7 > 1 && i % 11 != 4)
                    .toArray();
            INDArray expected = gramOf(all, kept);
            // all at once, and as little as there can be at a time
            for (long room : new long[] {rows.gramRoom(), kept.length}) {
                INDArray found = Nd4j.valueArrayOf(new long[] {kept.length, kept.length}, -7.0, type);
                assertTrue(rows.formGramOfCounted(kept, found, Nd4j.create(type, room)));
                assertClose(expected, lower(found), products(type), "K");
            }
        }
    }

    private static NetworkRows rows(NetworkAt at, DataType type) {
        return new NetworkRows(at.graphs, at.space, at.network, type, false);
    }

    private static double inverse(NetworkRows rows, long index) {
        return IntStream.range(0, rows.parts().size())
                .filter(i -> rows.parts().get(i).from() <= index
                        && index
                                < rows.parts().get(i).from()
                                        + rows.parts().get(i).length())
                .mapToDouble(i -> 0.5 + i)
                .findFirst()
                .orElseThrow();
    }

    /** The lower triangle of RP⁻¹Rᵀ for rows R of some units, each by a product with the transpose. */
    private static INDArray gramOf(NetworkRows rows, int[] kept) {
        int d = (int) rows.dimension();
        INDArray r = Nd4j.create(DataType.DOUBLE, kept.length, d);
        INDArray row = Nd4j.create(DataType.DOUBLE, d);
        for (int i = 0; i < kept.length; i++) {
            INDArray unit = Nd4j.create(DataType.DOUBLE, rows.count(), 1);
            unit.putScalar(kept[i], 0, 1.0);
            rows.transposed(unit, row);
            r.putRow(i, row);
        }
        INDArray p = Nd4j.create(DataType.DOUBLE, d);
        for (int i = 0; i < d; i++) {
            p.putScalar(i, inverse(rows, i));
        }
        return lower(r.mulRowVector(p).mmul(r.transpose()));
    }

    private static INDArray lower(INDArray matrix) {
        INDArray result = matrix.castTo(DataType.DOUBLE).dup('c');
        for (long i = 0; i < matrix.rows(); i++) {
            for (long j = i + 1; j < matrix.columns(); j++) {
                result.putScalar(i, j, 0.0);
            }
        }
        return result;
    }

    /** Rows so long that a layer forms some columns of them at a time, here more than for all rows. */
    @Test
    void longRowsAreFormedInParts() {
        int in = 210_000;
        int b = 8;
        try (NetworkAt at = new NetworkAt(
                        Networks.of(
                                DataType.FLOAT,
                                new RnnOutputLayer.Builder(LossFunction.MSE)
                                        .nIn(in)
                                        .nOut(2)
                                        .activation(Activation.IDENTITY)
                                        .build()),
                        Nd4j.randn(DataType.FLOAT, b, in, 5),
                        Nd4j.randn(DataType.FLOAT, b, 2, 5));
                NetworkRows rows = rows(at, DataType.FLOAT);
                Program program = new Program()) {
            INDArray matrix = Nd4j.create(DataType.FLOAT, rows.count(), rows.count());
            INDArray room = Nd4j.create(DataType.FLOAT, rows.gramRoom());
            rows.appendGram(program, matrix, room);
            rows.load();
            rows.weigh(index -> 2);
            program.run();
            int[] kept = IntStream.range(0, (int) rows.count())
                    .filter(i -> i % 4 != 1)
                    .toArray();
            INDArray found = Nd4j.create(DataType.FLOAT, kept.length, kept.length);
            assertTrue(rows.formGramOfCounted(kept, found, room));
            INDArray expected = matrix.getRows(kept).getColumns(kept);
            assertClose(lower(expected), lower(found), products(DataType.FLOAT), "K");
        }
    }

    @Test
    void takesMemoryOfTheHost() {
        try (HostMemory.Hidden hidden = HostMemory.hide();
                NetworkAt at = Net.DENSE.at(DataType.DOUBLE);
                NetworkRows rows = rows(at, DataType.DOUBLE)) {
            INDArray untouched = Nd4j.create(DataType.DOUBLE, 1, 1);
            assertFalse(rows.formGramOfCounted(new int[] {0}, untouched, untouched));
        }
    }
}
