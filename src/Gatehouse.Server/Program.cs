using Gatehouse.Server.Commands;

return await GatehouseCommand.Create().Parse(args, GatehouseCommand.Parsing).InvokeAsync(GatehouseCommand.Invocation);
