package org.dl4jgn.bench.optimizer;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.dl4jgn.bench.rivals.CompiledSteps;
import org.dl4jgn.bench.rivals.Trainer;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * A family of DL4J's updaters on this library's gradients: the same trainings, in the time that they would take if DL4J's
 * back-propagation were as fast.
 *
 * @param own the family on DL4J's gradients
 */
record CompiledKind(OptimizerKind own) implements OptimizerKind {

    /** Of its name, behind that of the family. */
    static final String SUFFIX = "-compiled";

    @Override
    public String name() {
        return own.name() + SUFFIX;
    }

    @Override
    public String description() {
        return own.description() + ", on gradients of this library's compiled plans";
    }

    @Override
    public Map<String, String> settings() {
        return own.settings();
    }

    @Override
    public List<String> grid() {
        return own.grid();
    }

    @Override
    public List<String> variations() {
        return own.variations();
    }

    @Override
    public Contender create(Options options) {
        return new Compiled(own.create(options), name());
    }

    private record Compiled(Contender own, String kind) implements Contender {

        @Override
        public String name() {
            return own.name();
        }

        @Override
        public Map<String, String> settings() {
            return own.settings();
        }

        @Override
        public IUpdater updater() {
            return own.updater();
        }

        @Override
        public Trainer trainer(Model net) {
            return new CompiledSteps(LayersAlone.of(net, kind));
        }

        @Override
        public boolean isScheduled() {
            return own.isScheduled();
        }

        @Override
        public Contender over(long budget) {
            return new Compiled(own.over(budget), kind);
        }
    }
}
