package org.dl4jgn.spark;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkEnv;
import org.nd4j.linalg.factory.Environment;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The networks that this JVM keeps, of all trainings and partitions that it has a part in. There is one native engine in a JVM,
 * so its threads are set here too, to the cores that a task has.
 */
final class ExecutorNetworks {

    /** Partitions whose networks are kept; those that were not asked for longest go. */
    private static final int KEPT = 256;

    private static final ExecutorNetworks INSTANCE = new ExecutorNetworks();

    private final Map<Key, PartitionNetwork> networks = new LinkedHashMap<>(16, 0.75f, true);

    private record Key(String training, int partition) {}

    private ExecutorNetworks() {
        SparkEnv env = SparkEnv.get();
        // in a local master the driver shares the JVM, and the threads are its user's
        if (env != null && !"driver".equals(env.executorId())) {
            int cores = env.conf().getInt("spark.task.cpus", 1);
            Environment environment = Nd4j.getEnvironment();
            environment.setMaxThreads(cores);
            environment.setMaxMasterThreads(cores);
        }
    }

    static ExecutorNetworks get() {
        return INSTANCE;
    }

    /** A partition's answer. */
    static Partial answer(Query query, int partition, Examples examples) {
        NetworkSpec spec = query.network().value();
        Partial answer = null;
        while (answer == null) {
            answer = INSTANCE.of(spec, partition).answer(query, partition, examples);
        }
        return answer;
    }

    /** The network of a partition; made if it is not there. */
    private synchronized PartitionNetwork of(NetworkSpec spec, int partition) {
        Key key = new Key(spec.training(), partition);
        PartitionNetwork network = networks.get(key);
        if (network == null) {
            network = new PartitionNetwork(spec);
            networks.put(key, network);
            if (networks.size() > KEPT) {
                Key oldest = networks.keySet().iterator().next();
                close(List.of(oldest));
            }
        }
        return network;
    }

    /** Frees what a training has here. */
    synchronized void release(String training) {
        List<Key> ended = new ArrayList<>();
        for (Key key : networks.keySet()) {
            if (key.training.equals(training)) {
                ended.add(key);
            }
        }
        close(ended);
    }

    private void close(List<Key> keys) {
        for (Key key : keys) {
            PartitionNetwork network = networks.remove(key);
            if (network != null) {
                network.close();
            }
        }
    }
}
