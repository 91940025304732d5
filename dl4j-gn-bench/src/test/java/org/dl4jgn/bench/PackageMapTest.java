package org.dl4jgn.bench;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The map of packages in docs/benchmarks.md, as rules. */
@AnalyzeClasses(packages = "org.dl4jgn.bench", importOptions = ImportOption.DoNotIncludeTests.class)
class PackageMapTest {

    private static final String BENCH = "org.dl4jgn.bench..";

    @ArchTest
    static final ArchRule importsRunDownwards = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage(BENCH)
            .layer("cli")
            .definedBy("..bench.cli..")
            .layer("report")
            .definedBy("..bench.report..")
            .layer("run")
            .definedBy("..bench.run..")
            .layer("speed")
            .definedBy("..bench.speed..")
            .layer("memory")
            .definedBy("..bench.memory..")
            .layer("soak")
            .definedBy("..bench.soak..")
            .layer("process")
            .definedBy("..bench.process..")
            .layer("problem")
            .definedBy("..bench.problem..")
            .layer("control")
            .definedBy("..bench.control..")
            .layer("optimizer")
            .definedBy("..bench.optimizer..")
            .layer("rivals")
            .definedBy("..bench.rivals..")
            .layer("data")
            .definedBy("..bench.data..")
            .layer("curves")
            .definedBy("..bench.curves..")
            .layer("paper")
            .definedBy("..bench.paper..")
            .whereLayer("cli")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("report")
            .mayOnlyBeAccessedByLayers("cli")
            .whereLayer("run")
            .mayOnlyBeAccessedByLayers("cli", "report")
            .whereLayer("speed")
            .mayOnlyBeAccessedByLayers("cli")
            .whereLayer("memory")
            .mayOnlyBeAccessedByLayers("cli", "speed")
            .whereLayer("soak")
            .mayOnlyBeAccessedByLayers("cli")
            .whereLayer("process")
            .mayOnlyBeAccessedByLayers("speed", "memory", "soak", "rivals")
            .whereLayer("problem")
            .mayOnlyBeAccessedByLayers("cli", "report", "run", "speed", "memory")
            .whereLayer("control")
            .mayOnlyBeAccessedByLayers("problem")
            .whereLayer("optimizer")
            .mayOnlyBeAccessedByLayers("cli", "report", "run", "speed", "memory", "problem")
            .whereLayer("rivals")
            .mayOnlyBeAccessedByLayers("memory", "problem", "control", "optimizer")
            .whereLayer("data")
            .mayOnlyBeAccessedByLayers("cli", "problem", "curves")
            .whereLayer("curves")
            .mayOnlyBeAccessedByLayers("cli")
            .whereLayer("paper")
            .mayOnlyBeAccessedByLayers("report");

    @ArchTest
    static final ArchRule noRoomsInACircle =
            slices().matching("org.dl4jgn.bench.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule nothingIsLoose =
            noClasses().that().doNotHaveSimpleName("package-info").should().resideInAPackage("org.dl4jgn.bench");

    /** Whatever is renamed or rebuilt in the library changes these alone, and what asks which kernels OpenBLAS uses. */
    @ArchTest
    static final ArchRule theLibraryIsOpenedInOnePlace = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("org.dl4jgn.bench.speed.StepParts")
            .and()
            .doNotHaveFullyQualifiedName("org.dl4jgn.bench.speed.PreparedCall")
            .and()
            .doNotHaveFullyQualifiedName("org.dl4jgn.bench.rivals.CompiledSteps")
            .and()
            .doNotHaveFullyQualifiedName("org.dl4jgn.bench.run.Machine")
            .should()
            .dependOnClassesThat(resideInAPackage("org.dl4jgn..")
                    .and(resideOutsideOfPackage(BENCH))
                    .and(resideOutsideOfPackage("org.dl4jgn"))
                    .and(resideOutsideOfPackage("org.dl4jgn.conf"))
                    .and(resideOutsideOfPackage("org.dl4jgn.tables"))
                    .and(resideOutsideOfPackage("org.dl4jgn.leastsquares"))
                    .and(resideOutsideOfPackage("org.dl4jgn.samediff"))
                    .and(describe("are no exceptions", PackageMapTest::isNoException)));

    @ArchTest
    static final ArchRule commandsAreInTheCli = classes()
            .that()
            .areAnnotatedWith(picocli.CommandLine.Command.class)
            .should()
            .resideInAPackage("..bench.cli..");

    private static boolean isNoException(JavaClass type) {
        // least squares of a network are asked for by users, as its settings are
        return !type.isAssignableTo(Throwable.class)
                && !type.getFullName().equals("org.dl4jgn.curvature.NetworkResiduals");
    }
}
