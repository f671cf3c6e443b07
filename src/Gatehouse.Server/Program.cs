using Gatehouse.Server.Commands;

return await GatehouseCommand.Parse(args).InvokeAsync(GatehouseCommand.Invocation);
