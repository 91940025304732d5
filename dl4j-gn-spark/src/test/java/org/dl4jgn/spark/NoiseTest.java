package org.dl4jgn.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.distribution.NormalDistribution;
import org.deeplearning4j.nn.conf.dropout.AlphaDropout;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.dropout.GaussianDropout;
import org.deeplearning4j.nn.conf.dropout.GaussianNoise;
import org.deeplearning4j.nn.conf.dropout.SpatialDropout;
import org.deeplearning4j.nn.conf.graph.StackVertex;
import org.deeplearning4j.nn.conf.graph.UnstackVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.conf.weightnoise.WeightNoise;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.conf.Damping;
import org.dl4jgn.conf.Egn;
import org.dl4jgn.conf.GaussNewtonUpdater;
import org.dl4jgn.conf.LineSearch;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.spark.testing.ClusterTolerances;
import org.dl4jgn.spark.testing.Clusters;
import org.dl4jgn.translate.UnsupportedNetworkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Dropout and other noise on a cluster: the draw of one machine, over however many partitions the examples are. */
class NoiseTest extends OnTwoThreads {

    private static final int EXAMPLES = 96;

    private static DataSet examples() {
        INDArray x = Nd4j.create(DataType.FLOAT, EXAMPLES, 2, 5, 4);
        INDArray y = Nd4j.create(DataType.FLOAT, EXAMPLES, 2);
        Nd4j.getRandom().setSeed(3);
        Nd4j.randn(x);
        Nd4j.randn(y);
        return new DataSet(x, y);
    }

    /** Every kind of noise. */
    private static MultiLayerNetwork network(GaussNewtonUpdater settings, DataType type, boolean ofWeights) {
        DenseLayer.Builder second = new DenseLayer.Builder().nOut(5).dropOut(new GaussianNoise(0.2));
        OutputLayer.Builder last = new OutputLayer.Builder(LossFunction.MSE)
                .nOut(2)
                .activation(Activation.IDENTITY)
                .dropOut(new GaussianDropout(0.2));
        if (ofWeights) {
            second.weightNoise(new DropConnect(0.8));
            last.weightNoise(new WeightNoise(new NormalDistribution(0, 0.1)));
        }
        MultiLayerNetwork net = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(42)
                .dataType(type)
                .updater(settings)
                .activation(Activation.TANH)
                .l2(1e-3)
                .list()
                .layer(new ConvolutionLayer.Builder(2, 2)
                        .nOut(3)
                        .dropOut(new Dropout(0.8))
                        .build())
                .layer(new ConvolutionLayer.Builder(2, 2)
                        .nOut(3)
                        .dropOut(new SpatialDropout(0.7))
                        .build())
                .layer(new DenseLayer.Builder()
                        .nOut(6)
                        .activation(Activation.RRELU)
                        .dropOut(new AlphaDropout(0.9))
                        .build())
                .layer(second.build())
                .layer(last.build())
                .setInputType(InputType.convolutional(5, 4, 2))
                .build());
        net.init();
        return net;
    }

    static Stream<Arguments> cases() {
        GaussNewtonUpdater sgn = Sgn.builder()
                .cgIterations(10)
                .damping(Damping.constant(1e-1))
                .lineSearch(LineSearch.none())
                .build();
        GaussNewtonUpdater egn = Egn.builder()
                .damping(Damping.constant(1e-1))
                .lineSearch(LineSearch.none())
                .build();
        return Stream.of(DataType.DOUBLE, DataType.FLOAT)
                .flatMap(type -> Stream.of(Arguments.of(type, sgn, true), Arguments.of(type, egn, false)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aDirectionIsThatOfOneMachine(DataType type, GaussNewtonUpdater settings, boolean ofWeights) {
        DataSet examples = examples();
        MultiLayerNetwork alone = GaussNewton.attach(network(settings, type, ofWeights));
        INDArray start = alone.params().dup();
        alone.fit(examples.copy());
        INDArray expected = alone.params().sub(start);
        for (int partitions : List.of(1, 2, 4, 7)) {
            MultiLayerNetwork net = network(settings, type, ofWeights);
            SparkGaussNewton.fit(context, net, Clusters.spread(context, examples, partitions), 1);
            double error =
                    ClusterTolerances.relativeError(expected, net.params().sub(start));
            assertTrue(
                    error <= ClusterTolerances.directions(type),
                    () -> "relative error over " + partitions + " partitions: " + error);
        }
    }

    /** The search, and the pace's questions about the step before, see the draw of the step. */
    @Test
    void trainingsInMiniBatchesAreThoseOfOneMachine() {
        assertTrained(Sgn.builder().orthogonalized(50).build());
        assertTrained(Sgn.builder()
                .cgIterations(5)
                .damping(Damping.constant(1e-2))
                .lineSearch(LineSearch.armijo(0.9, 0.8, 10))
                .learningRate(4)
                .build());
    }

    private static void assertTrained(Sgn settings) {
        int partitions = 3;
        int ofPartition = EXAMPLES / partitions;
        DataSet examples = examples();
        MultiLayerNetwork alone = GaussNewton.attach(network(settings, DataType.DOUBLE, true));
        for (int step = 0; step < 4; step++) {
            List<DataSet> pieces = new ArrayList<>();
            for (int p = 0; p < partitions; p++) {
                int from = p * ofPartition + step % 2 * ofPartition / 2;
                pieces.add(new DataSet(
                        rows(examples.getFeatures(), from, from + ofPartition / 2),
                        rows(examples.getLabels(), from, from + ofPartition / 2)));
            }
            alone.fit(DataSet.merge(pieces));
        }
        MultiLayerNetwork net = network(settings, DataType.DOUBLE, true);
        SparkGaussNewton.builder(context)
                .miniBatches(MiniBatches.of(EXAMPLES / 2))
                .build()
                .fit(net, Clusters.spread(context, examples, partitions), 2);
        assertEquals(4, net.getIterationCount());
        double error = ClusterTolerances.relativeError(alone.params(), net.params());
        assertTrue(error <= ClusterTolerances.TRAININGS, () -> "relative error " + error);
    }

    private static INDArray rows(INDArray array, long from, long to) {
        return array.get(NDArrayIndex.interval(from, to)).dup('c');
    }

    @Test
    void noiseOnStackedExamplesIsRefusedByName() {
        ComputationGraph graph = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .updater(Sgn.builder().build())
                .graphBuilder()
                .addInputs("a", "b")
                .addVertex("both", new StackVertex(), "a", "b")
                .addLayer(
                        "noisy",
                        new DenseLayer.Builder().nIn(3).nOut(3).dropOut(0.5).build(),
                        "both")
                .addVertex("first", new UnstackVertex(0, 2), "noisy")
                .addLayer(
                        "out",
                        new OutputLayer.Builder(LossFunction.MSE)
                                .nIn(3)
                                .nOut(2)
                                .activation(Activation.IDENTITY)
                                .build(),
                        "first")
                .setOutputs("out")
                .build());
        graph.init();
        JavaRDD<MultiDataSet> none = context.emptyRDD();
        UnsupportedNetworkException refused = assertThrows(
                UnsupportedNetworkException.class,
                () -> SparkGaussNewton.builder(context).build().fitMultiDataSet(graph, none, 1));
        assertTrue(refused.getMessage().contains("on what a vertex has stacked"), refused::getMessage);
    }
}
