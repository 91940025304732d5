package org.dl4jgn.bench.optimizer;

import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;

/** An updater whose learning rate follows a schedule, which ends with the budget: it has to be told the budget first. */
record ScheduledContender(
        String name,
        String kind,
        BudgetSchedule.Shape shape,
        double rate,
        Function<ISchedule, IUpdater> updaters,
        OptionalLong steps)
        implements Contender {

    @Override
    public boolean isScheduled() {
        return true;
    }

    @Override
    public Contender over(long budget) {
        return new ScheduledContender(name, kind, shape, rate, updaters, OptionalLong.of(budget));
    }

    @Override
    public Map<String, String> settings() {
        return Map.of("updater", updater().toString());
    }

    @Override
    public IUpdater updater() {
        return updaters.apply(new BudgetSchedule(
                shape,
                rate,
                steps.orElseThrow(
                        () -> new IllegalArgumentException(name + " has a schedule, which ends with the budget:"
                                + " it needs one in epochs (--epochs), on a problem whose epochs are known before"))));
    }
}
