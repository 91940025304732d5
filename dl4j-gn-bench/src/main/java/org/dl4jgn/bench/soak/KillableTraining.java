package org.dl4jgn.bench.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.dl4jgn.CheckpointFile;

/** A training that goes on from its checkpoint, in a process of its own that may be killed at any moment. */
public final class KillableTraining {

    /** What it prints when it has taken its first step, with the number of those before. */
    static final String READY = "training from step ";

    /** What it prints at its end, before a digest of the parameters' bits. */
    static final String DONE = "parameters ";

    private KillableTraining() {}

    /**
     * Trains to a number of steps.
     *
     * @param args network, checkpoint, steps
     */
    public static void main(String[] args) throws IOException {
        SoakNetwork kind = SoakNetwork.valueOf(args[0]);
        Path checkpoint = Path.of(args[1]);
        int steps = Integer.parseInt(args[2]);
        Model net = Files.exists(checkpoint) ? kind.restored(checkpoint) : kind.fresh();
        Collection<TrainingListener> listeners = List.of(new CheckpointFile(checkpoint, 1));
        if (net instanceof MultiLayerNetwork layers) {
            layers.setListeners(listeners);
        } else {
            ((ComputationGraph) net).setListeners(listeners);
        }
        int from = SoakNetwork.steps(net);
        for (int step = from; step < steps; step++) {
            SoakNetwork.fit(net, kind.batch(step));
            if (step == from) {
                System.out.println(READY + from); // the first step is long, for it compiles
            }
        }
        System.out.println(DONE + Arrays.hashCode(net.params().dup('c').data().asBytes()) + " "
                + net.params().norm2Number().doubleValue());
    }
}
