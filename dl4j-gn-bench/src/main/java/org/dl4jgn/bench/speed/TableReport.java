package org.dl4jgn.bench.speed;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.bench.problem.SyntheticProblem;
import org.dl4jgn.bench.problem.Task;
import org.dl4jgn.conf.Egn;
import org.dl4jgn.conf.Sgn;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * Steps of the default settings on dense networks beside DL4J's Adam: by {@link AlternatingSteps}.
 * SGN is timed as it is, with iterations among the rows where those are less work, and by products with H.
 *
 * @param steps of each that count; as many are taken before
 * @param out where it is printed
 */
public record TableReport(int steps, PrintWriter out) {

    private static final int BATCHES = 8;

    /** A residual that is never reached: the iterations are as many, but their residual has to be known, which rows do not. */
    private static final double NEVER = 1e-300;

    /** A network and its mini-batch. */
    private record Case(String name, SyntheticProblem data) {

        static Case of(int batch, int... sizes) {
            int outputs = sizes[sizes.length - 1];
            StringBuilder name = new StringBuilder();
            for (int size : sizes) {
                name.append(name.isEmpty() ? "" : "-").append(size);
            }
            Task task = outputs == 1 ? Task.REGRESSION : Task.CLASSES;
            return new Case(
                    name + ", " + batch + " examples", SyntheticProblem.dense(batch, task, Activation.RELU, sizes));
        }
    }

    private static final List<Case> CASES = List.of(
            Case.of(32, 81, 32, 64, 32, 1),
            Case.of(128, 20, 64, 64, 1),
            Case.of(128, 20, 64, 64, 2),
            Case.of(128, 20, 256, 256, 1),
            Case.of(128, 20, 256, 256, 3),
            Case.of(128, 20, 800, 800, 1),
            Case.of(128, 20, 256, 256, 10),
            Case.of(128, 100, 512, 256, 5),
            Case.of(128, 784, 800, 400, 10));

    /** Measures and prints. */
    public void print() throws IOException {
        for (Case of : CASES) {
            List<DataSet> batches = of.data.batches(BATCHES);
            AlternatingSteps turns = new AlternatingSteps(steps)
                    .with("sgn", turn(of, Sgn.builder().build(), batches))
                    .with(
                            "sgn by products",
                            turn(of, Sgn.builder().residualTolerance(NEVER).build(), batches))
                    .with("egn", turn(of, Egn.builder().build(), batches))
                    .with("adam", turn(of, new Adam(1e-3), batches))
                    .run();
            out.println(of.name);
            turns.printRatios(out);
            turns.printRatio("egn", "adam", out);
        }
    }

    private static AlternatingSteps.Turn turn(Case of, IUpdater updater, List<DataSet> batches) {
        MultiLayerNetwork net = of.data.network(updater, DataType.FLOAT);
        return AlternatingSteps.fitting(updater instanceof Adam ? net : GaussNewton.attach(net), batches);
    }
}
