using Gatehouse.Benchmarks;

if (args is ["bare", var port])
    return await BareHost.RunAsync(int.Parse(port, System.Globalization.CultureInfo.InvariantCulture));
if (args is [var program, ..] && File.Exists(program))
    return await Bench.RunAsync(
        program,
        quick: Environment.GetEnvironmentVariable("BENCH_QUICK") == "1",
        onlyAdministration: Environment.GetEnvironmentVariable("BENCH_ONLY") == "administration"
    );

await Console.Error.WriteLineAsync("Usage: make bench, or BENCH_QUICK=1 make bench for a rough look within two minutes");
return 2;
