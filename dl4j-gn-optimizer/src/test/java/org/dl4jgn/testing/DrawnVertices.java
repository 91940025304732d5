package org.dl4jgn.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.graph.MergeVertex;

/** What is known of the vertices of a graph that is being drawn: their names and channels, and which of them nothing reads. */
abstract class DrawnVertices {

    final Random random;
    final List<String> names = new ArrayList<>();
    final List<Integer> channels = new ArrayList<>();
    private final List<String> unread = new ArrayList<>();
    private int count;

    DrawnVertices(long seed) {
        random = new Random(seed);
    }

    final String name() {
        return "v" + count++;
    }

    final void add(String name, int width) {
        names.add(name);
        channels.add(width);
        unread.add(name);
    }

    final String read(int i) {
        unread.remove(names.get(i));
        return names.get(i);
    }

    /** A drawn one of those with so many channels. */
    final int alike(int width) {
        List<Integer> equal = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            if (channels.get(i) == width) {
                equal.add(i);
            }
        }
        return equal.get(random.nextInt(equal.size()));
    }

    /** One vertex of all that nothing reads. */
    final String merged(GraphBuilder graph) {
        if (unread.size() == 1) {
            return unread.get(0);
        }
        String name = name();
        graph.addVertex(name, new MergeVertex(), unread.toArray(String[]::new));
        return name;
    }
}
