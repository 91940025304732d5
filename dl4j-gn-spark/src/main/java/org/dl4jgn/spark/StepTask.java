package org.dl4jgn.spark;

import java.io.Serializable;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.rpc.RpcEndpointRef;
import org.apache.spark.util.RpcUtils;
import org.jspecify.annotations.Nullable;
import scala.collection.Iterator;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/**
 * A task of a {@link StepJob}: it fetches questions from the driver and brings the answers of its partition, until there are no
 * more. It is a class, and no lambda, for which Spark would read byte code at each job.
 */
final class StepTask extends AbstractFunction1<Iterator<Examples>, BoxedUnit> implements Serializable {

    private static final long serialVersionUID = 1;

    private final String desk;
    private final long job;

    StepTask(String desk, long job) {
        this.desk = desk;
        this.job = job;
    }

    /**
     * A question on its way to a task.
     *
     * @param round its number
     */
    record Question(long round, Query query) implements Serializable {}

    /**
     * What a task says to the driver, which answers with the next question, or nothing.
     *
     * @param job the number of its job
     * @param round the question that is answered; any other where the task has none to answer yet
     * @param answer null for none
     */
    record Said(
            long job, int partition, long round, @Nullable Partial answer) implements Serializable {}

    @Override
    public BoxedUnit apply(Iterator<Examples> cached) {
        int partition = TaskContext.getPartitionId();
        Examples examples = cached.next();
        SparkEnv env = SparkEnv.get();
        RpcEndpointRef driver = RpcUtils.makeDriverRef(desk, env.conf(), env.rpcEnv());
        byte[] next = said(driver, new Said(job, partition, -1, null));
        while (next.length > 0) {
            Question question = Wire.read(next, Question.class);
            Partial answer = ExecutorNetworks.answer(question.query(), partition, examples);
            next = said(driver, new Said(job, partition, question.round(), answer));
        }
        return BoxedUnit.UNIT;
    }

    /** The driver takes as long for it as the other partitions do; if it ends, this JVM does too. */
    private static byte[] said(RpcEndpointRef driver, Said said) {
        return driver.askSync(Wire.bytes(said), RpcUtils.INFINITE_TIMEOUT(), ClassTag$.MODULE$.apply(byte[].class));
    }
}
