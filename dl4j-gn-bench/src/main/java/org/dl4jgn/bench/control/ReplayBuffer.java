package org.dl4jgn.bench.control;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** The last transitions that were experienced, from which mini-batches are drawn (Lin 1992, Mnih et al. 2015). */
final class ReplayBuffer {

    private final int capacity;
    private final List<Transition> transitions = new ArrayList<>();
    private int oldest;

    /**
     * An action and what it led to.
     *
     * @param before observation on which the action was taken
     * @param after observation that followed
     * @param terminated whether the episode came to its own end with it
     */
    record Transition(double[] before, int action, double reward, double[] after, boolean terminated) {}

    ReplayBuffer(int capacity) {
        this.capacity = capacity;
    }

    /** Remembers a transition and, if full, forgets the oldest. */
    void add(Transition transition) {
        if (transitions.size() < capacity) {
            transitions.add(transition);
        } else {
            transitions.set(oldest, transition);
            oldest = (oldest + 1) % capacity;
        }
    }

    int size() {
        return transitions.size();
    }

    /** Draws with replacement. */
    List<Transition> draw(int count, RandomGenerator random) {
        return random.ints(count, 0, transitions.size())
                .mapToObj(transitions::get)
                .toList();
    }
}
