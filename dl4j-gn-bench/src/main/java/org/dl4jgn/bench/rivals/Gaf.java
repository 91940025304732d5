package org.dl4jgn.bench.rivals;

import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.dataset.api.DataSet;

/**
 * Gradient agreement filtering (<a href="https://arxiv.org/abs/2412.18052">Chaubard et al. 2024</a>, algorithm 1).
 *
 * <p>The mini-batch is split into micro-batches. The gradient of the first opens a mean; that of each further one enters if
 * its cosine distance 1 − cos to the mean so far is at most a threshold τ. Where at least one agreed with the first, the
 * mean goes to the updater of the network's configuration, so that {@code Sgd} gives plain GAF with a learning rate,
 * {@code Nesterovs} one with momentum. Otherwise nothing is updated.
 *
 * <p>Gradients are compared without l2, which all micro-batches have in common; the updater adds it. Cost: that of one
 * gradient of the mini-batch in smaller pieces.
 */
public final class Gaf implements Trainer {

    private final MultiLayerNetwork net;
    private final BatchGradient gradient;
    private final int microBatches;
    private final double threshold;

    /**
     * Trains a network with an updater of DL4J.
     *
     * @param microBatches number of pieces of a mini-batch, at least 2; of equal size up to one example, each with at
     *     least one
     * @param threshold τ in (0, 2]; 2 lets everything in, and its authors use 0.9 to 1
     */
    public Gaf(MultiLayerNetwork net, int microBatches, double threshold) {
        if (microBatches < 2) {
            throw new IllegalArgumentException("microBatches is " + microBatches + ", but must be at least 2");
        }
        if (!(threshold > 0 && threshold <= 2)) {
            throw new IllegalArgumentException(
                    "threshold is " + threshold + ", but must be greater than 0 and at most 2, a cosine distance");
        }
        this.net = net;
        this.gradient = new BatchGradient(net, "GAF");
        this.microBatches = microBatches;
        this.threshold = threshold;
    }

    @Override
    public MultiLayerNetwork network() {
        return net;
    }

    /** Takes a step, or none if no two gradients agree, as in a batch of a single example. */
    @Override
    public void fit(DataSet batch) {
        int size = batch.numExamples();
        int pieces = Math.min(microBatches, size);
        AgreeingMean mean = new AgreeingMean(threshold);
        double score = 0;
        for (int i = 0; i < pieces; i++) {
            DataSet piece = batch.getRange(i * size / pieces, (i + 1) * size / pieces);
            mean.offer(gradient.sum(piece).divi(piece.numExamples()));
            score += net.score() * piece.numExamples() / size;
        }
        if (mean.isAgreed()) {
            gradient.view().assign(mean.mean().muli(size)); // the updater divides by the size
            gradient.update(net.gradient(), size);
        }
        gradient.stepDone(score);
    }
}
