package org.dl4jgn.spark;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.conf.Damping;
import org.dl4jgn.conf.Egn;
import org.dl4jgn.conf.GaussNewtonUpdater;
import org.dl4jgn.conf.LineSearch;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.spark.testing.Cases;
import org.dl4jgn.spark.testing.ClusterTolerances;
import org.dl4jgn.spark.testing.Clusters;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/** A step on a cluster is that of one machine on the same examples, over however many partitions they are. */
class DirectionTest extends OnTwoThreads {

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
        return Stream.of(Cases.values())
                .flatMap(c -> Stream.of(DataType.DOUBLE, DataType.FLOAT)
                        .flatMap(type -> Stream.of(Arguments.of(c, type, sgn), Arguments.of(c, type, egn))));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isThatOfOneMachine(Cases problem, DataType type, GaussNewtonUpdater settings) throws IOException {
        assumeTrue(problem.isThere(), "no data");
        DataSet examples = problem.examples();
        MultiLayerNetwork alone = GaussNewton.attach(problem.network(settings, type));
        INDArray start = alone.params().dup();
        alone.fit(examples.copy());
        INDArray expected = alone.params().sub(start);
        for (int partitions : List.of(1, 2, 4, 7)) {
            MultiLayerNetwork net = problem.network(settings, type);
            SparkGaussNewton.fit(context, net, Clusters.spread(context, examples, partitions), 1);
            double error =
                    ClusterTolerances.relativeError(expected, net.params().sub(start));
            assertTrue(
                    error <= ClusterTolerances.directions(type),
                    () -> "relative error over " + partitions + " partitions: " + error);
        }
    }
}
