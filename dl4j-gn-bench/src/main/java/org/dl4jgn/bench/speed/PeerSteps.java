package org.dl4jgn.bench.speed;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import org.dl4jgn.bench.process.Python;
import org.dl4jgn.bench.process.PythonScript;

/** A yardstick in PyTorch that takes a step whenever it is asked for one, and says its milliseconds, so that its steps and ours take turns. */
final class PeerSteps implements AutoCloseable {

    private final PythonScript script;

    private PeerSteps(PythonScript script) {
        this.script = script;
    }

    /**
     * Starts a script; none, with a sentence that says why, where there is no PyTorch.
     *
     * @param name of the script, a resource beside this class
     */
    static Optional<PeerSteps> start(String name, PrintWriter out) throws IOException, InterruptedException {
        Optional<String> python = Python.with("torch");
        if (python.isEmpty()) {
            out.println(PeerTimes.WITHOUT_TORCH);
            return Optional.empty();
        }
        PeerSteps peer = new PeerSteps(new PythonScript(python.get(), PeerSteps.class, name));
        out.println(peer.script.hear());
        return Optional.of(peer);
    }

    /** Milliseconds of one step more. */
    double step() throws IOException {
        script.say("");
        return Double.parseDouble(script.hear());
    }

    @Override
    public void close() {
        script.close();
    }
}
