package org.dl4jgn.bench.paper;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.StepReport;
import org.dl4jgn.bench.PaperProblem;
import org.dl4jgn.conf.GaussNewtonUpdater;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * The SGN authors' training loop: weights from N(0, 1), biases 0; in each epoch the examples are shuffled and cut into
 * mini-batches, one step is taken on each, then the test set is evaluated.
 *
 * <p>The seed of a run changes only the order of the examples: all runs start from the same weights.
 *
 * @param problem network, batch size
 * @param examples data, of the network's type
 * @param start seed of the start weights; {@link #AUTHORS_START} for theirs
 */
record Protocol(PaperProblem problem, Examples examples, int start) {

    /** The seed of NumPy from which the authors' networks drew their weights. */
    static final int AUTHORS_START = 10;

    /** Trains a fresh network for each seed. */
    Runs run(IUpdater optimizer, List<Integer> seeds, int epochs) {
        return new Runs(seeds.stream().map(seed -> run(optimizer, seed, epochs)).toList());
    }

    private List<Runs.Epoch> run(IUpdater optimizer, int seed, int epochs) {
        MultiLayerNetwork net = network(optimizer);
        MersenneStream random = MersenneStream.python(seed);
        int[] order = IntStream.range(0, examples.train().rows()).toArray();
        Batch batch = new Batch(examples, problem.batchSize());
        List<Runs.Epoch> curve = new ArrayList<>();
        for (int epoch = 0; epoch < epochs; epoch++) {
            random.shuffle(order);
            curve.add(epoch(net, order, batch, optimizer instanceof GaussNewtonUpdater));
        }
        return curve;
    }

    private MultiLayerNetwork network(IUpdater optimizer) {
        MultiLayerNetwork net =
                problem.network(optimizer.clone(), examples.train().dataType());
        MersenneStream random = MersenneStream.numpy(start);
        for (int layer = 0; layer < net.getnLayers(); layer++) {
            INDArray weights = net.getParam(layer + "_W");
            double[][] values = new double[weights.rows()][weights.columns()];
            for (double[] row : values) {
                Arrays.setAll(row, j -> random.normal());
            }
            weights.assign(Nd4j.createFromArray(values).castTo(weights.dataType()));
            net.getParam(layer + "_b").assign(0);
        }
        return optimizer instanceof GaussNewtonUpdater ? GaussNewton.attach(net) : net;
    }

    private Runs.Epoch epoch(MultiLayerNetwork net, int[] order, Batch batch, boolean reports) {
        double loss = 0;
        long nanos = 0;
        int notAccepted = 0;
        int size = problem.batchSize();
        int batches = order.length / size;
        for (int i = 0; i < batches; i++) {
            batch.fill(examples, Arrays.copyOfRange(order, i * size, (i + 1) * size));
            long before = System.nanoTime();
            net.fit(batch.features, batch.labels);
            nanos += System.nanoTime() - before;
            loss += net.score();
            if (reports && GaussNewton.report(net).orElseThrow().outcome() != StepReport.Outcome.ACCEPTED) {
                notAccepted++;
            }
        }
        double testLoss = net.score(new DataSet(examples.test(), examples.testLabels()));
        return new Runs.Epoch(loss / batches, testLoss, testAccuracy(net), nanos * 1e-6 / batches, notAccepted);
    }

    private double testAccuracy(MultiLayerNetwork net) {
        if (!problem.isClassification()) {
            return Double.NaN;
        }
        INDArray right =
                net.output(examples.test()).argMax(1).eq(examples.testLabels().argMax(1));
        return right.castTo(DataType.DOUBLE).meanNumber().doubleValue();
    }

    /** Room for one mini-batch, filled again and again. */
    private record Batch(INDArray features, INDArray labels) {

        Batch(Examples like, int size) {
            this(room(like.train(), size), room(like.trainLabels(), size));
        }

        private static INDArray room(INDArray like, int size) {
            return Nd4j.create(like.dataType(), size, like.columns());
        }

        void fill(Examples examples, int[] rows) {
            Nd4j.pullRows(examples.train(), features, 1, rows);
            Nd4j.pullRows(examples.trainLabels(), labels, 1, rows);
        }
    }
}
