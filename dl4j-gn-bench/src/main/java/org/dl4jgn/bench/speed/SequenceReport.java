package org.dl4jgn.bench.speed;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import org.dl4jgn.bench.optimizer.EvenSteps;

/**
 * Steps on LSTMs beside DL4J's own Sgd and PyTorch, as ratios of {@link AlternatingSteps}.
 *
 * @param steps of each that count; as many are taken before
 * @param out where it is printed
 */
public record SequenceReport(int steps, PrintWriter out) {

    private static final int BATCHES = 4;

    /** Measures and prints. */
    public void print() throws IOException, InterruptedException {
        Optional<PeerSteps> peer = PeerSteps.start("lstm_yardstick.py", out);
        try {
            SequenceCase sequences = new SequenceCase(64, true, 32);
            AlternatingSteps turns = alternating(sequences, "sgn3", "sgd");
            peer.ifPresent(torch -> turns.with("PyTorch's sgn3", torch::step));
            print(sequences, turns);
        } finally {
            if (peer.isPresent()) {
                peer.get().close();
            }
        }
        SequenceCase small = new SequenceCase(64, false, 32);
        print(small, alternating(small, "sgn3", "sgd"));
        SequenceCase exact = new SequenceCase(32, false, 64);
        print(exact, alternating(exact, "egn", "sgn10"));
    }

    private void print(SequenceCase sequences, AlternatingSteps turns) throws IOException {
        turns.run();
        out.println(sequences.describe());
        turns.printRatios(out);
    }

    private AlternatingSteps alternating(SequenceCase sequences, String... optimizers) {
        AlternatingSteps turns = new AlternatingSteps(steps);
        for (String optimizer : optimizers) {
            EvenSteps even = new EvenSteps(optimizer);
            turns.with(
                    optimizer,
                    AlternatingSteps.fitting(
                            even.attach(sequences.network(even.updater())), sequences.batches(BATCHES)));
        }
        return turns;
    }
}
