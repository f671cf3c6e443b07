using Gatehouse.Server.Commands;

return await GatehouseCommand.Create().Parse(args).InvokeAsync(GatehouseCommand.Invocation);
