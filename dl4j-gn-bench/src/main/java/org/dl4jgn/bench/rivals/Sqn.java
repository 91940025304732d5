package org.dl4jgn.bench.rivals;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.DataSet;

/**
 * A stochastic quasi-Newton method: online L-BFGS (<a href="https://proceedings.mlr.press/v2/schraudolph07a.html">
 * Schraudolph et al. 2007</a>), whose curvature pairs belong to one mini-batch B:
 *
 * <pre>
 *     s = −η H ∇L(θ; B)        θ ← θ + s        y = ∇L(θ + s; B) − ∇L(θ; B) + λs
 * </pre>
 *
 * <p>A pair with sᵀy &lt; 0.2 sᵀBs, which a loss that is not convex gives, is damped as Powell proposed (Nocedal and Wright,
 * procedure 18.2), so that H stays positive definite: y ← φy + (1 − φ)Bs such that sᵀy = 0.2 sᵀBs. Bs is at hand, −η∇L(θ;
 * B), since s is H times that. Until there is a pair, H = min(1, 1/‖∇L‖₁) I, a scale that says nothing of the curvature, so
 * that the first pair is taken as it is, or not at all.
 *
 * <p>L is DL4J's score with l2. The network's own updater, with its learning rate, is not used. Cost: two gradients a step.
 */
public final class Sqn implements Trainer {

    /** Nocedal and Wright's. */
    private static final double POWELL = 0.2;

    private final MultiLayerNetwork net;
    private final BatchGradient gradient;
    private final double learningRate;
    private final double damping;
    private final CurvaturePairs pairs;

    /**
     * Trains a network of any updater.
     *
     * @param learningRate η, greater than 0
     * @param memory number of pairs, at least 1
     * @param damping λ, at least 0, in units of the curvature of the mean loss
     * @throws IllegalArgumentException if a setting is out of range, or the network has random layers: the two gradients
     *     of a pair would belong to different functions
     */
    public Sqn(MultiLayerNetwork net, double learningRate, int memory, double damping) {
        if (!(learningRate > 0) || !Double.isFinite(learningRate)) {
            throw new IllegalArgumentException(
                    "learningRate is " + learningRate + ", but must be a finite number greater than 0");
        }
        if (memory < 1) {
            throw new IllegalArgumentException("memory is " + memory + ", but must be at least 1");
        }
        if (!(damping >= 0) || !Double.isFinite(damping)) {
            throw new IllegalArgumentException("damping is " + damping + ", but must be a finite number, at least 0");
        }
        for (Layer layer : net.getLayers()) {
            if (layer.conf().getLayer().getIDropout() != null) {
                throw new IllegalArgumentException("SQN does not train networks with dropout (layer " + layer.getIndex()
                        + "); remove it or use another optimizer");
            }
        }
        this.net = net;
        this.gradient = new BatchGradient(net, "SQN");
        this.learningRate = learningRate;
        this.damping = damping;
        this.pairs = new CurvaturePairs(memory);
    }

    @Override
    public MultiLayerNetwork network() {
        return net;
    }

    @Override
    public void fit(DataSet batch) {
        INDArray theta = net.params();
        INDArray before = theta.ulike();
        gradient.ofScore(batch, before);
        double score = net.score();

        INDArray s = inverseHessianTimes(before).muli(-learningRate);
        theta.addi(s);

        INDArray y = theta.ulike();
        gradient.ofScore(batch, y);
        y.subi(before);
        if (damping > 0) {
            y.addi(s.mul(damping));
        }
        pairs.add(s, pairs.isEmpty() ? y : powellDamped(s, y, before.muli(-learningRate)));
        gradient.stepDone(score);
    }

    private INDArray inverseHessianTimes(INDArray g) {
        if (pairs.isEmpty()) {
            double norm = g.norm1Number().doubleValue();
            return g.mul(Math.min(1, 1 / norm));
        }
        return pairs.times(g);
    }

    /** y, moved towards Bs as far as sᵀy needs it. */
    static INDArray powellDamped(INDArray s, INDArray y, INDArray bs) {
        double sBs = CurvaturePairs.dot(s, bs);
        double sy = CurvaturePairs.dot(s, y);
        if (sy >= POWELL * sBs) {
            return y;
        }
        double phi = (1 - POWELL) * sBs / (sBs - sy);
        return y.mul(phi).addi(bs.mul(1 - phi));
    }
}
