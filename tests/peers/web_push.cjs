// The push service of npm `web-push-testing`, on the loopback address only: `node web_push.cjs PORT` beside node_modules.
const net = require('node:net')
const listen = net.Server.prototype.listen
net.Server.prototype.listen = function (port, ...more) {
  return listen.call(this, port, '127.0.0.1', ...more.filter(each => typeof each !== 'string'))
}
const Server = require('web-push-testing/src/server.js')
const { PushApiModel } = require('web-push-testing/src/PushApiModel.js')
new Server(new PushApiModel(), Number(process.argv[2])).startServer()
