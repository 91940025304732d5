package org.dl4jgn.spark;

import java.util.UUID;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.deeplearning4j.nn.api.Model;
import org.dl4jgn.conf.GaussNewtonUpdater;
import org.dl4jgn.curvature.NetworkProblems;
import org.dl4jgn.dl4j.GaussNewtonSolver;
import org.dl4jgn.dl4j.PosedProblem;
import org.dl4jgn.problem.Problem;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.MultiDataSet;

/** One training of an attached network on cached examples: what lives on the cluster as long as it lasts. */
final class ClusterTraining implements AutoCloseable {

    private final Model net;
    private final MiniBatches miniBatches;
    private final NetworkSpec spec;
    private final ClusterExamples examples;
    private final Broadcast<NetworkSpec> network;
    private final ClusterPosition position;
    private final DriverRows rows;
    private final ClusterProblem problem;

    ClusterTraining(
            JavaSparkContext context,
            Model net,
            JavaRDD<MultiDataSet> data,
            MiniBatches miniBatches,
            int treeDepth,
            boolean solvesLocally,
            boolean isJobPerStep) {
        this.net = net;
        this.miniBatches = miniBatches;
        DataType type = net.params().dataType();
        spec = NetworkSpec.of(UUID.randomUUID().toString(), net);
        examples = new ClusterExamples(context, data, type, treeDepth);
        if (isJobPerStep) {
            examples.makeStepsJobs(net.numParams() * type.width());
        }
        network = context.broadcast(spec);
        position = new ClusterPosition(examples.shipping(), type, net.numParams());
        rows = new DriverRows(examples);
        problem = Closing.unlessMade(
                this::free,
                () -> new ClusterProblem(
                        examples,
                        network,
                        position,
                        rows,
                        solvesLocally,
                        GaussNewtonSolver.couplingOf(net).isRandom(),
                        type,
                        net.numParams(),
                        outputs()));
    }

    /** c; asks every partition whether its examples fit the network, which compiles it there. */
    private long outputs() {
        if (examples.size() == 0) {
            throw new IllegalArgumentException("There are no examples; at least one is needed");
        }
        miniBatches.requireFilled(examples.size(), examples.largest());
        int iteration = Networks.iteration(net);
        Selection first = selection(iteration);
        Query.Moment moment = new Query.Moment(iteration, 0, examples.places(first));
        Partial sum = examples.ask(
                "Gauss-Newton training: compile the network",
                position.query(network, first, examples.count(first), moment, new Query.Check()));
        examples.rounds().take();
        return Math.round(sum.numbers()[0] / sum.numbers()[1]);
    }

    private Selection selection(int iteration) {
        return miniBatches.at(iteration, examples.size(), Networks.seed(net));
    }

    /** Steps of an epoch. */
    int stepsPerEpoch() {
        return miniBatches.steps(examples.size());
    }

    /** One step; returns what it took of the network between machines. */
    Rounds step() {
        try {
            GaussNewtonSolver.step(net, this::pose);
        } finally {
            examples.endStep();
        }
        return examples.rounds().take();
    }

    private PosedProblem pose(NetworkProblems problems, GaussNewtonUpdater settings, int iteration, int epoch) {
        rows.take(problems, settings, iteration, epoch);
        problem.take(selection(iteration), problems.penalty(iteration, epoch), iteration, epoch);
        return new PosedProblem() {
            @Override
            public Problem problem() {
                return problem;
            }

            @Override
            public double score() {
                return problem.score();
            }

            @Override
            public void end() {
                examples.endStep();
            }
        };
    }

    private void free() {
        rows.close();
        position.close();
        network.destroy();
        examples.close();
    }

    @Override
    public void close() {
        try {
            examples.release(spec.training());
        } finally {
            problem.close();
            free();
        }
    }
}
